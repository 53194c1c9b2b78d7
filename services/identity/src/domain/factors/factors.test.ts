import { createHmac } from 'node:crypto'
import t from 'tap'
import { RECOVERY_CODES, makeRecoveryCodes, parseRecoveryCode } from './recovery-code.ts'
import { grouped, makeTotpSecret, totpStep, totpUri } from './totp.ts'

/** "12345678901234567890" of RFC 6238 appendix B in base32. */
const VECTOR_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const at = (seconds: number) => new Date(seconds * 1000)

/** RFC 4226 §5.3 by hand, so that the library is not asked about itself. */
function codeOf(secret: string, step: number): string {
  const bits = Array.from(secret)
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

void t.test('the vectors of RFC 6238 appendix B', async (t) => {
  // The last six of the eight digits printed there.
  const vectors = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const
  for (const [seconds, code] of vectors)
    t.equal(totpStep(VECTOR_SECRET, code, undefined, at(seconds)), Math.floor(seconds / 30), code)
})

void t.test('a code counts one step early or late, no further', async (t) => {
  const secret = makeTotpSecret()
  const now = 1_700_000_010
  const step = Math.floor(now / 30)
  for (const [away, accepted] of [
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ] as const) {
    const found = totpStep(secret, codeOf(secret, step + away), undefined, at(now))
    t.equal(found, accepted ? step + away : undefined, `${away} steps away`)
  }
})

void t.test('a step that was accepted is never accepted again, nor one before it', async (t) => {
  const secret = makeTotpSecret()
  const now = 1_700_000_010
  const step = Math.floor(now / 30)
  const code = (away: number) => codeOf(secret, step + away)
  t.equal(totpStep(secret, code(0), step - 1, at(now)), step)
  t.equal(totpStep(secret, code(0), step, at(now)), undefined, 'replay')
  t.equal(totpStep(secret, code(-1), step, at(now)), undefined, 'an older one')
  t.equal(totpStep(secret, code(1), step, at(now)), step + 1, 'a later one')
  t.equal(totpStep(secret, code(0), step + 5000, at(now)), undefined, 'the clock was set back')
})

void t.test('what is no code is wrong, and no fault', async (t) => {
  const secret = makeTotpSecret()
  for (const typed of ['', '12345', '1234567', 'abcdef', '12 345', '-12345', '١٢٣٤٥٦', '1e4567'])
    t.equal(totpStep(secret, typed, undefined, at(1_700_000_000)), undefined, JSON.stringify(typed))
})

void t.test('secrets and their addresses', async (t) => {
  const secret = makeTotpSecret()
  t.match(secret, /^[A-Z2-7]{32}$/)
  t.not(secret, makeTotpSecret())
  const uri = new URL(totpUri(secret, 'Signet: the service', 'ada:admin@example.test'))
  t.equal(uri.protocol, 'otpauth:')
  t.equal(uri.host, 'totp')
  t.equal(decodeURIComponent(uri.pathname), '/Signet  the service:ada admin@example.test')
  t.notMatch(uri.href, /\+/, 'spaces are %20')
  t.strictSame(Object.fromEntries(uri.searchParams), {
    secret,
    issuer: 'Signet  the service',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  t.equal(grouped('ABCDEFGHIJKL'), 'ABCD EFGH IJKL')
})

void t.test('recovery codes', async (t) => {
  const codes = makeRecoveryCodes()
  t.equal(codes.length, RECOVERY_CODES)
  t.equal(new Set([...codes, ...makeRecoveryCodes()]).size, 2 * RECOVERY_CODES)
  for (const code of codes) {
    t.match(code, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    t.equal(parseRecoveryCode(` ${code.toLowerCase().replace('-', ' – ')} `), code)
  }
  t.equal(parseRecoveryCode('oil0o-ilabc'), '01100-11ABC', 'look-alikes are read as digits')
  for (const typed of ['', 'ABCDE', 'ABCDE-FGHJ', 'ABCDE-FGHJKM', 'ABCDU-FGHJK', 'A'.repeat(1000)])
    t.equal(parseRecoveryCode(typed), undefined, typed.slice(0, 20))
})
