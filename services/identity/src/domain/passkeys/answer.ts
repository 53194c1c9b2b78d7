import { z } from 'zod'
import { parseStrictJson } from '../../platform/strict-json.ts'

/** Far more than answers without attestation have. */
const MAX_ANSWER_CHARACTERS = 16_384
/** WebAuthn Level 3 §4: a credential id has 1023 bytes at most. */
const MAX_ID_CHARACTERS = 1364

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+$/)
const Id = base64url(MAX_ID_CHARACTERS)
const Bytes = base64url(MAX_ANSWER_CHARACTERS)

const Credential = z.object({ id: Id, rawId: Id, type: z.literal('public-key') })

/** AuthenticationResponseJSON (WebAuthn Level 3 §5.1.8), as far as it is looked at. */
const Assertion = Credential.extend({
  response: z.object({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: base64url(128).nullish(),
  }),
})

/** RegistrationResponseJSON (WebAuthn Level 3 §5.1.8), as far as it is looked at. */
const Registration = Credential.extend({
  response: z.object({
    clientDataJSON: Bytes,
    attestationObject: Bytes,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
})

/** The parts of CollectedClientData (WebAuthn Level 3 §5.8.1) that are looked at before the rest. */
const ClientData = z.object({
  challenge: base64url(MAX_ANSWER_CHARACTERS),
  crossOrigin: z.boolean().optional(),
})

/** What a browser answered, with the challenge that it says it answers. Nothing of it is proved yet. */
export interface Answer<Credential> {
  readonly credential: Credential
  readonly challenge: string
}
export type AssertionAnswer = Answer<z.infer<typeof Assertion>>
export type RegistrationAnswer = Answer<z.infer<typeof Registration>>

export function parseAssertion(text: string): AssertionAnswer | undefined {
  return parse(Assertion, text)
}

export function parseRegistration(text: string): RegistrationAnswer | undefined {
  return parse(Registration, text)
}

function parse<Shape extends { response: { clientDataJSON: string } }>(
  shape: z.ZodType<Shape>,
  text: string,
): Answer<Shape> | undefined {
  if (text.length > MAX_ANSWER_CHARACTERS) return undefined
  const credential = read(shape, Buffer.from(text))
  if (credential === undefined) return undefined
  const clientData = read(ClientData, Buffer.from(credential.response.clientDataJSON, 'base64url'))
  // No page of ours is ever in a frame of somebody else's.
  if (clientData === undefined || clientData.crossOrigin === true) return undefined
  return { credential, challenge: clientData.challenge }
}

function read<Shape>(shape: z.ZodType<Shape>, bytes: Uint8Array): Shape | undefined {
  const json = parseStrictJson(bytes)
  return json.kind === 'valid' ? shape.safeParse(json.value).data : undefined
}
