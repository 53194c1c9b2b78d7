import { z } from 'zod'
import { scopeOfClaim } from '../users/claims.ts'

const Member = z
  .object({
    essential: z.boolean().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).optional(),
  })
  .nullable()

const Members = z.record(z.string().max(256), Member)

/** The `claims` request parameter, OIDC Core 1.0 §5.5; members we do not know are ignored. */
export const ClaimsRequest = z.object({
  userinfo: Members.nullish(),
  id_token: Members.nullish(),
})
export type ClaimsRequest = z.infer<typeof ClaimsRequest>

/** The request as an object, or undefined when the text is not one. */
export function parseClaimsRequest(text: string): ClaimsRequest | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  // JSON can escape what a parameter may not hold, and what the database refuses: NUL and half characters.
  if (/\\u(?:0000|d[89a-f])/i.test(JSON.stringify(json))) return undefined
  const parsed = ClaimsRequest.safeParse(json)
  return parsed.success && isAcrWellTyped(parsed.data) ? parsed.data : undefined
}

/** The request without claims about the person that the client's scopes could not bring it either. */
export function limitClaims(
  request: ClaimsRequest,
  allowedScopes: readonly string[],
): ClaimsRequest {
  const limited = (members: ClaimsRequest['userinfo']) =>
    Object.fromEntries(
      Object.entries(members ?? {}).filter(([name]) => {
        const scope = scopeOfClaim(name)
        return scope === undefined || allowedScopes.includes(scope)
      }),
    )
  return { userinfo: limited(request.userinfo), id_token: limited(request.id_token) }
}

/** The scopes that stand for the claims asked for one by one: consent is asked for those too. */
export function scopesOfClaims(request: ClaimsRequest | undefined): string[] {
  const names = [request?.userinfo, request?.id_token].flatMap((members) =>
    Object.keys(members ?? {}),
  )
  return [...new Set(names.map(scopeOfClaim).filter((scope) => scope !== undefined))]
}

/** An essential acr of values that are not text could be neither met nor refused. */
function isAcrWellTyped(request: ClaimsRequest): boolean {
  const member = request.id_token?.['acr']
  if (member?.essential !== true || (member.value ?? member.values) === undefined) return true
  const values = member.values ?? [member.value]
  return values.length > 0 && values.every((value) => typeof value === 'string')
}

/** The acr that the client asks for as a claim (OIDC Core 1.0 §5.5.1.1): essential, it is to be met or refused. */
export function acrMember(request: ClaimsRequest | undefined): {
  readonly essential: boolean
  readonly values: readonly string[]
} {
  const member = request?.id_token?.['acr'] ?? undefined
  const values = member?.values ?? (member?.value === undefined ? [] : [member.value])
  return {
    essential: member?.essential === true,
    values: values.filter((value) => typeof value === 'string'),
  }
}

/** The subject a client insists on, if it does (OIDC Core 1.0 §5.5.1). */
export function requiredSubject(request: ClaimsRequest | undefined): unknown {
  return request?.id_token?.['sub']?.value
}
