import {
  type KeyObject,
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign as signWith,
} from 'node:crypto'
import { isRecord } from './wire.ts'

const PRESENT = 0x01
const VERIFIED = 0x04
const ELIGIBLE = 0x08
const BACKED_UP = 0x10
const WITH_KEY = 0x40

/** What goes wrong with an answer, on purpose. */
export interface Defects {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  /** The person did not unlock it. */
  readonly unverified?: boolean
  /** The person did not even touch it. */
  readonly absent?: boolean
  readonly counter?: number
  readonly backupEligible?: boolean
  /** Null for none. */
  readonly userHandle?: string | null
  readonly brokenSignature?: boolean
  /** A format of attestation with nonsense in it; or what stands in the place of all of it. */
  readonly attestation?: string | Buffer
}

export interface PasskeyKind {
  readonly synced?: boolean
  /** Whether it counts its uses; synced ones do not. */
  readonly counts?: boolean
  readonly aaguid?: string
}

/** An authenticator in software by the text of WebAuthn Level 3 §6: one passkey, which says whatever a test wants. */
export class SoftwarePasskey {
  readonly id = randomBytes(32)
  readonly #key: KeyObject
  readonly #cose: Buffer
  readonly #kind: PasskeyKind
  readonly origin: string
  counter = 0
  userHandle = ''

  constructor(origin: string, kind: PasskeyKind = {}) {
    this.origin = origin
    this.#kind = kind
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#key = privateKey
    // RFC 9053 §7.1.1: kty EC2, alg ES256, crv P-256.
    this.#cose = cborMap([
      [cborInteger(1), cborInteger(2)],
      [cborInteger(3), cborInteger(-7)],
      [cborInteger(-1), cborInteger(1)],
      [cborInteger(-2), cborBytes(Buffer.from(x, 'base64url'))],
      [cborInteger(-3), cborBytes(Buffer.from(y, 'base64url'))],
    ])
  }

  get credentialId(): string {
    return this.id.toString('base64url')
  }

  /** The answer to creation options, as a browser would send it. */
  create(options: Record<string, unknown>, defects: Defects = {}): string {
    const { rp, user, challenge } = options
    if (!isRecord(rp) || !isRecord(user)) throw new Error('no creation options')
    this.userHandle = String(user['id'])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const aaguid = (this.#kind.aaguid ?? '00000000-0000-0000-0000-000000000000').replaceAll('-', '')
    const attested = Buffer.concat([Buffer.from(aaguid, 'hex'), length, this.id, this.#cose])
    const authData = this.#authData(String(rp['id']), defects, attested)
    const { attestation = 'none' } = defects
    const nonsense = [[cborText('x5c'), cborBytes(randomBytes(40))]] as const
    const attestationObject =
      typeof attestation === 'string'
        ? cborMap([
            [cborText('fmt'), cborText(attestation)],
            [cborText('attStmt'), cborMap(attestation === 'none' ? [] : nonsense)],
            [cborText('authData'), cborBytes(authData)],
          ])
        : attestation
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', String(challenge), defects),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** The answer to request options, as a browser would send it. */
  get(options: Record<string, unknown>, defects: Defects = {}): string {
    const clientDataJSON = this.#clientData('webauthn.get', String(options['challenge']), defects)
    const authData = this.#authData(String(options['rpId']), defects)
    const clientHash = sha256(Buffer.from(clientDataJSON, 'base64url'))
    const signature = signWith('sha256', Buffer.concat([authData, clientHash]), this.#key)
    if (defects.brokenSignature === true) signature.writeUInt8(signature.readUInt8(9) ^ 1, 9)
    const { userHandle = this.userHandle } = defects
    return this.#credential({
      clientDataJSON,
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
      ...(userHandle !== null && { userHandle }),
    })
  }

  #credential(response: object): string {
    const id = this.credentialId
    return JSON.stringify({
      id,
      rawId: id,
      type: 'public-key',
      response,
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
    })
  }

  #clientData(type: string, challenge: string, defects: Defects): string {
    const content = {
      type: defects.type ?? type,
      challenge: defects.challenge ?? challenge,
      origin: defects.origin ?? this.origin,
      crossOrigin: defects.crossOrigin ?? false,
    }
    return Buffer.from(JSON.stringify(content)).toString('base64url')
  }

  #authData(rpId: string, defects: Defects, attested?: Buffer): Buffer {
    if (this.#kind.counts === true) this.counter += 1
    const eligible = defects.backupEligible ?? this.#kind.synced ?? false
    const flags =
      (defects.absent === true ? 0 : PRESENT) |
      (defects.unverified === true ? 0 : VERIFIED) |
      (eligible ? ELIGIBLE : 0) |
      (this.#kind.synced === true && eligible ? BACKED_UP : 0) |
      (attested === undefined ? 0 : WITH_KEY)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(defects.counter ?? this.counter)
    const head = Buffer.concat([sha256(defects.rpId ?? rpId), Buffer.from([flags]), counter])
    return attested === undefined ? head : Buffer.concat([head, attested])
  }
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

/** A head of RFC 8949 §3. */
function cborHead(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument])
  if (argument < 256) return Buffer.from([(major << 5) | 24, argument])
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 0xff])
}
const cborInteger = (value: number) => (value < 0 ? cborHead(1, -1 - value) : cborHead(0, value))
const cborBytes = (bytes: Buffer) => Buffer.concat([cborHead(2, bytes.length), bytes])
const cborText = (text: string) => Buffer.concat([cborHead(3, text.length), Buffer.from(text)])
const cborMap = (entries: readonly (readonly [Buffer, Buffer])[]) =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()])

/** The options that a page gives its script. Throws when it asks for no passkey. */
export function passkeyOptions(html: string): Record<string, unknown> {
  const [, text] = / data-passkey="([^"]*)"/.exec(html) ?? []
  const plain = text?.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
  const options: unknown = plain === undefined ? undefined : JSON.parse(plain)
  if (!isRecord(options)) throw new Error('the page asks for no passkey')
  return options
}
