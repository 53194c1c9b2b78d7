import type { AssertionAnswer, RegistrationAnswer } from './answer.ts'
import type { Challenge } from './challenge.ts'
import { ALGORITHMS, type RelyingParty, userHandle } from './options.ts'
import type { NewPasskey, Passkey } from './store.ts'

/** Why an answer proves nothing; for the log, never for whoever sent it. */
export interface Refused {
  readonly kind: 'refused'
  readonly reason: string
}

/** What an assertion proved. Whether its counter may be accepted is for the database to say. */
export interface ProvedAssertion {
  readonly kind: 'proved'
  readonly counter: number
  readonly userVerified: boolean
  readonly backedUp: boolean
}

export interface ProvedRegistration {
  readonly kind: 'proved'
  readonly made: Omit<NewPasskey, 'id' | 'userId' | 'name' | 'createdAt'>
}

// 30 MB and a third of a second, which a service that nobody shows a passkey to never pays.
const library = async () => import('@simplewebauthn/server')
const helpers = async () => import('@simplewebauthn/server/helpers')

/** Checks an assertion by WebAuthn Level 3 §7.2, all but its counter. */
export async function verifyAssertion(
  { id: expectedRPID, origin: expectedOrigin }: RelyingParty,
  { credential }: AssertionAnswer,
  challenge: Challenge,
  passkey: Passkey,
  mustVerifyUser: boolean,
): Promise<ProvedAssertion | Refused> {
  const { id, rawId, type, response } = credential
  const handle = response.userHandle ?? undefined
  // §7.2 step 6: with a handle it is that person's; without one, the person must be known already.
  const isOwn = handle === undefined ? !mustVerifyUser : handle === userHandle(passkey.userId)
  if (!isOwn) return { kind: 'refused', reason: 'the user handle is not its owner’s' }
  const { verifyAuthenticationResponse } = await library()
  return guarded(async () => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        clientExtensionResults: {},
        response: {
          clientDataJSON: response.clientDataJSON,
          authenticatorData: response.authenticatorData,
          signature: response.signature,
        },
      },
      expectedChallenge: challenge.value,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: mustVerifyUser,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        // The library compares counters before it checks the signature, so that anybody could make a passkey look
        // copied. We pass
        // zero, and compare the counter in the database once the signature is proved.
        counter: 0,
      },
    })
    if (!verified) return { kind: 'refused', reason: 'the signature is wrong' }
    const { newCounter, userVerified, credentialBackedUp, credentialDeviceType } =
      authenticationInfo
    // §7.2: a passkey is for one device or for several from the start.
    if ((credentialDeviceType === 'multiDevice') !== passkey.backupEligible)
      return { kind: 'refused', reason: 'its backup eligibility has changed' }
    return { kind: 'proved', counter: newCounter, userVerified, backedUp: credentialBackedUp }
  })
}

/**
 * Checks a new passkey by WebAuthn Level 3 §7.1. Attestation is not asked for, and a statement that comes all the same
 * is not looked at: who made it matters to nobody here, and the library would go where its certificates send it.
 */
export async function verifyRegistration(
  { id: expectedRPID, origin: expectedOrigin }: RelyingParty,
  { credential: answer }: RegistrationAnswer,
  challenge: Challenge,
): Promise<ProvedRegistration | Refused> {
  const { verifyRegistrationResponse } = await library()
  return guarded(async () => {
    const { id, rawId, type, response } = answer
    const { clientDataJSON } = response
    const attestationObject = await withoutStatement(response.attestationObject)
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject },
      },
      expectedChallenge: challenge.value,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    })
    if (!verified) return { kind: 'refused', reason: 'the attestation is wrong' }
    const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo
    if (credential.id !== id) return { kind: 'refused', reason: 'the credential has another id' }
    return {
      kind: 'proved',
      made: {
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: response.transports,
        backupEligible: credentialDeviceType === 'multiDevice',
        backedUp: credentialBackedUp,
        aaguid,
      },
    }
  })
}

/** The same attestation object with a statement that says nothing (WebAuthn Level 3 §8.7). */
async function withoutStatement(attestationObject: string): Promise<string> {
  const { decodeAttestationObject, isoCBOR } = await helpers()
  const bytes = new Uint8Array(Buffer.from(attestationObject, 'base64url'))
  const authData = decodeAttestationObject(bytes).get('authData')
  const none = isoCBOR.encode(
    new Map<string, string | Uint8Array | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]),
  )
  return Buffer.from(none).toString('base64url')
}

/** The library throws at whatever is not as it should be, in words that may be a stranger's. */
async function guarded<Proved>(check: () => Promise<Proved | Refused>): Promise<Proved | Refused> {
  try {
    return await check()
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
    return { kind: 'refused', reason }
  }
}

/**
 * What an accepted passkey counts for, by RFC 8176 §2: software or hardware key, and whether its person was verified.
 */
export function passkeyAmr(
  { backupEligible }: Pick<Passkey, 'backupEligible'>,
  userVerified: boolean,
): readonly string[] {
  return [backupEligible ? 'swk' : 'hwk', ...(userVerified ? ['user'] : [])]
}
