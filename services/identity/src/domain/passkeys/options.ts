import type { Passkey } from './store.ts'

/** This service as WebAuthn knows it. */
export interface RelyingParty {
  /** The domain that passkeys are for: the issuer's host, or one above it. */
  readonly id: string
  /** Scheme, host and port of the issuer: the one origin whose answers count. */
  readonly origin: string
  readonly name: string
}

/** COSE algorithms in the order of preference: Ed25519, ES256, RS256, so that nearly every authenticator has one. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257]

/** How long browsers let people look for their key: the upper end that WebAuthn Level 3 §15.1 recommends. */
const TIMEOUT_MS = 600_000

type Known = Pick<Passkey, 'credentialId' | 'transports'>

const descriptors = (passkeys: readonly Known[]) =>
  passkeys.map(({ credentialId, transports }) => ({
    type: 'public-key',
    id: credentialId,
    ...(transports.length > 0 && { transports }),
  }))

/** Whom a passkey is made for. */
export interface PasskeyOwner {
  readonly id: string
  readonly email: string
  readonly name: string | undefined
}

/** PublicKeyCredentialCreationOptionsJSON (WebAuthn Level 3 §5.1.9). */
export function creationOptions(
  { id, name }: RelyingParty,
  owner: PasskeyOwner,
  challenge: string,
  present: readonly Known[],
) {
  return {
    challenge,
    rp: { id, name },
    user: {
      id: userHandle(owner.id),
      name: owner.email,
      displayName: owner.name ?? owner.email,
    },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    // One passkey for each place that keeps them: a second one there would take the place of the first.
    excludeCredentials: descriptors(present),
    authenticatorSelection: {
      residentKey: 'required',
      // For browsers that know Level 1 only.
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  }
}

/** PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3 §5.1.10), for whoever comes. */
export function signInOptions({ id }: RelyingParty, challenge: string) {
  return { challenge, rpId: id, timeout: TIMEOUT_MS, userVerification: 'required' }
}

/** The same beside a first proof: one of the person's own passkeys, verified where the authenticator can. */
export function secondFactorOptions(
  { id }: RelyingParty,
  challenge: string,
  own: readonly Known[],
) {
  const allowCredentials = descriptors(own)
  const userVerification = 'preferred'
  return { challenge, rpId: id, timeout: TIMEOUT_MS, userVerification, allowCredentials }
}

/** What passkeys know a person by: the bytes of the id, which say nothing of who it is (WebAuthn Level 3 §14.6.1). */
export function userHandle(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url')
}
