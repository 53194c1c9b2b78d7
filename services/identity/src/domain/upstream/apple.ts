import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { z } from 'zod'
import { type Clock, addSeconds } from '../../platform/clock.ts'

export const APPLE_ISSUER = 'https://appleid.apple.com'
/** Apple takes up to six months; one that leaks is to be worth nothing. */
const SECRET_TTL_SECONDS = 300
const MAX_USER_CHARACTERS = 4096

const Id = z.string().regex(/^[A-Z\d]{10}$/, 'must be ten capital letters and digits')

/** The key that Apple has given out, as the configuration file holds it. */
export const AppleEntry = z
  .strictObject({
    team_id: Id,
    key_id: Id,
    private_key: z
      .string()
      .max(4096)
      .refine(isP256, 'must be the text of the .p8 file: a private key for ES256'),
  })
  .transform(({ team_id, key_id, private_key }) => ({
    teamId: team_id,
    keyId: key_id,
    privateKey: private_key,
  }))
/** What signs client secrets. */
export type AppleKey = z.infer<typeof AppleEntry>

function isP256(pem: string): boolean {
  try {
    const { asymmetricKeyDetails: details } = createPrivateKey(pem)
    return details?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}

/** A client secret for the next request to Apple: a JWT in place of a text. */
export async function appleSecret(
  { teamId, keyId, privateKey }: AppleKey,
  { clientId, issuer }: { readonly clientId: string; readonly issuer: string },
  clock: Clock,
): Promise<string> {
  const now = clock()
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt(now)
    .setExpirationTime(addSeconds(now, SECRET_TTL_SECONDS))
    .sign(createPrivateKey(privateKey))
}

const Part = z.string().max(100).optional()
const AppleUser = z.object({ name: z.object({ firstName: Part, lastName: Part }) })

/** The name that a person gave Apple for us: no more than that, since it comes through the person's browser unsigned. */
export interface AppleName {
  readonly given_name: string | undefined
  readonly family_name: string | undefined
}

/** The name in the field `user` of Apple's form, which is there at the first consent only; whatever else it holds is not read. */
export function appleName(user: string | null | undefined): AppleName | undefined {
  if (typeof user !== 'string' || user.length > MAX_USER_CHARACTERS) return undefined
  const parsed = AppleUser.safeParse(jsonOf(user))
  if (!parsed.success) return undefined
  const { firstName, lastName } = parsed.data.name
  return { given_name: firstName, family_name: lastName }
}

/** The field as it goes on from the form into an address, which histories keep: without the address of the mailbox. */
export function nameOnly(user: string): string | undefined {
  const name = appleName(user)
  return (
    name && JSON.stringify({ name: { firstName: name.given_name, lastName: name.family_name } })
  )
}

/** The claims of an ID token, with the name of the form where the token has none. */
export function withAppleName(
  claims: Readonly<Record<string, unknown>>,
  name: AppleName | undefined,
): Readonly<Record<string, unknown>> {
  const hasName = ['name', 'given_name', 'family_name'].some((claim) => claims[claim] !== undefined)
  if (hasName || name === undefined) return claims
  const { given_name, family_name } = name
  const full = [given_name, family_name].filter((part) => part !== undefined).join(' ')
  return { ...claims, ...name, name: full }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
