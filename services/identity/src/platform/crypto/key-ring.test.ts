import { createHash } from 'node:crypto'
import t from 'tap'
import { equalInConstantTime, sha256 } from './hash.ts'
import { type Purpose, createKeyRing, parseSecretKeys } from './key-ring.ts'
import { randomToken } from './random.ts'
import { isUuid, uuidv7 } from './uuid.ts'

const keyOf = (seed: string) => createHash('sha256').update(seed).digest()
const ringOf = (...ids: string[]) => createKeyRing(new Map(ids.map((id) => [id, keyOf(id)])))

const purposes: readonly Purpose[] = [
  'authorization-transaction',
  'authorization-code',
  'csrf',
  'known-device',
  'pepper',
  'refresh-token',
  'signing-key',
]

/** The same numbers on every run, so that a failure can be run again. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

void t.test('what is sealed opens again, whatever it is', async (t) => {
  const ring = ringOf('k1')
  const random = seeded(1)
  for (let round = 0; round < 300; round += 1) {
    const length = random(400)
    const text = Array.from({ length }, () => String.fromCodePoint(random(0xd7ff))).join('')
    const context = random(2) === 0 ? '' : `row ${random(9)}`
    const sealed = ring.seal('pepper', text, context)
    if (ring.open('pepper', sealed, context) !== text) t.fail(`round ${round}`)
  }
  t.equal(ring.open('pepper', ring.seal('pepper', '')), '', 'nothing too')
})

void t.test('the same text is sealed differently each time, and is not to be seen', async (t) => {
  const ring = ringOf('k1')
  const sealed = Array.from({ length: 200 }, () => ring.seal('csrf', 'attack at dawn'))
  t.equal(new Set(sealed).size, 200)
  t.equal(new Set(sealed.map((text) => text.slice(0, 25))).size, 200, 'the salt differs')
  for (const text of sealed) {
    t.match(text, /^k1\.[A-Za-z0-9_-]+$/)
    t.notMatch(Buffer.from(text.slice(3), 'base64url').toString('latin1'), /attack/)
  }
})

void t.test('a value of one purpose opens for no other', async (t) => {
  const ring = ringOf('k1')
  for (const made of purposes) {
    const [sealed, mac] = [ring.seal(made, 'x'), ring.mac(made, 'x')]
    for (const used of purposes) {
      t.equal(ring.open(used, sealed), made === used ? 'x' : undefined, `${made} as ${used}`)
      t.equal(ring.verifyMac(used, 'x', mac), made === used, `${made} as ${used}`)
    }
  }
})

void t.test('a value of one place opens in no other', async (t) => {
  const ring = ringOf('k1')
  const sealed = ring.seal('signing-key', 'private', 'kid-1')
  for (const context of [undefined, '', 'kid-2', 'kid-1 ', 'KID-1', 'kid-1\0'])
    t.equal(ring.open('signing-key', sealed, context), undefined, JSON.stringify(context))
  t.equal(ring.open('signing-key', ring.seal('signing-key', 'x'), 'kid-1'), undefined)
  t.equal(ring.open('signing-key', sealed, 'kid-1'), 'private')
})

void t.test('every byte of a sealed value counts', async (t) => {
  const ring = ringOf('k1', 'k2')
  const text = 'the salt, the nonce, the body and the tag'
  const sealed = ring.seal('authorization-code', text)
  const whole = Buffer.from(sealed.slice(3), 'base64url')
  t.equal(whole.length, 16 + 12 + text.length + 16)
  for (let index = 0; index < whole.length; index += 1)
    for (const bit of [0, 3, 7]) {
      const changed = Buffer.from(whole)
      changed.writeUInt8(whole.readUInt8(index) ^ (1 << bit), index)
      const opened = ring.open('authorization-code', `k1.${changed.toString('base64url')}`)
      if (opened !== undefined) t.fail(`byte ${index} bit ${bit}`)
    }
  for (let length = 0; length < whole.length; length += 1) {
    const start = whole.subarray(0, length).toString('base64url')
    const end = whole.subarray(whole.length - length).toString('base64url')
    if (ring.open('authorization-code', `k1.${start}`) !== undefined) t.fail(`first ${length}`)
    if (ring.open('authorization-code', `k1.${end}`) !== undefined) t.fail(`last ${length}`)
  }
  const longer = Buffer.concat([whole, Buffer.alloc(1)]).toString('base64url')
  t.equal(ring.open('authorization-code', `k1.${longer}`), undefined, 'a byte more')
  t.equal(ring.open('authorization-code', `k2${sealed.slice(2)}`), undefined, 'the wrong key')
  t.equal(ring.open('authorization-code', sealed), text, 'and untouched it opens')
})

void t.test('a sealed value has one spelling only', async (t) => {
  const ring = ringOf('k1')
  // Lengths that leave 0, 1 and 2 bytes over, so that every kind of padding bits is met.
  for (const text of ['a', 'ab', 'abc']) {
    const sealed = ring.seal('csrf', text)
    const others = [
      `${sealed}=`,
      `${sealed}==`,
      `${sealed} `,
      ` ${sealed}`,
      `${sealed}\n`,
      `${sealed}\0`,
      `${sealed}.`,
      `${sealed}!`,
      sealed.replace('.', '. '),
      sealed.replace('.', '..'),
      sealed.replace('.', ''),
      sealed.replace('k1', 'K1'),
      `${sealed.slice(0, 9)} ${sealed.slice(9)}`,
      `${sealed.slice(0, 9)}é${sealed.slice(9)}`,
      `k1.${Buffer.from(sealed.slice(3), 'base64url').toString('base64')}!`,
      `k1.${Buffer.from(sealed.slice(3), 'base64url').toString('hex')}`,
    ]
    for (const other of others) t.equal(ring.open('csrf', other), undefined, JSON.stringify(other))
    const last = sealed.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const opening = Array.from(alphabet).filter(
      (letter) => ring.open('csrf', sealed.slice(0, -1) + letter) !== undefined,
    )
    t.same(opening, [last], 'no other last letter')
  }
})

void t.test('what was never sealed does not open, and does not throw', async (t) => {
  const ring = ringOf('k1')
  const random = seeded(2)
  const junk = ['', '.', 'k1', 'k1.', '.k1', 'k2.AAAA', '__proto__.AAAA', 'k1.__proto__', '\ud800.']
  for (let round = 0; round < 300; round += 1) {
    const bytes = Buffer.from(Array.from({ length: random(90) }, () => random(256)))
    junk.push(`k1.${bytes.toString('base64url')}`)
  }
  for (const text of junk) {
    if (ring.open('csrf', text) !== undefined) t.fail(text)
    if (ring.verifyMac('csrf', 'data', text)) t.fail(`mac ${text}`)
  }
  t.equal(ring.open('csrf', ring.mac('csrf', 'x')), undefined, 'a MAC is no sealed value')
  t.notOk(ring.verifyMac('csrf', 'x', ring.seal('csrf', 'x')), 'nor the other way round')
})

void t.test('a MAC holds for its data and nothing else', async (t) => {
  const ring = ringOf('k1', 'k2')
  const mac = ring.mac('refresh-token', 'grant.1.salt')
  t.ok(ring.verifyMac('refresh-token', 'grant.1.salt', mac))
  t.equal(ring.mac('refresh-token', 'grant.1.salt'), mac, 'and is always the same')
  for (const data of ['grant.2.salt', 'grant.1.sal', 'grant.1.salt ', '', 'GRANT.1.salt'])
    t.notOk(ring.verifyMac('refresh-token', data, mac), data)
  const tag = mac.slice(3)
  for (const forged of [
    '',
    tag,
    `.${tag}`,
    `k2.${tag}`,
    `k3.${tag}`,
    'k1.',
    `${mac}=`,
    `${mac}.`,
    `${mac} `,
    mac.slice(0, -1),
    mac.toUpperCase(),
    `k1.${createHash('sha256').update('grant.1.salt').digest('base64url')}`,
  ])
    t.notOk(ring.verifyMac('refresh-token', 'grant.1.salt', forged), forged)
  for (let index = 3; index < mac.length; index += 1) {
    const other = mac[index] === 'A' ? 'B' : 'A'
    if (
      ring.verifyMac(
        'refresh-token',
        'grant.1.salt',
        mac.slice(0, index) + other + mac.slice(index + 1),
      )
    )
      t.fail(`letter ${index}`)
  }
})

void t.test('a ring turns over: old keys open, the first one seals', async (t) => {
  const old = ringOf('old')
  const both = ringOf('new', 'old')
  const fresh = ringOf('new')
  const [sealed, mac] = [old.seal('pepper', 'kept'), old.mac('csrf', 'kept')]
  t.equal(both.sealingKeyId, 'new')
  t.equal(both.open('pepper', sealed), 'kept')
  t.ok(both.verifyMac('csrf', 'kept', mac))
  const resealed = both.seal('pepper', 'kept')
  t.match(resealed, /^new\./)
  t.match(both.mac('csrf', 'kept'), /^new\./)
  t.equal(fresh.open('pepper', resealed), 'kept')
  t.equal(fresh.open('pepper', sealed), undefined, 'once dropped, the old key is gone')
  t.notOk(fresh.verifyMac('csrf', 'kept', mac))
  t.equal(old.open('pepper', resealed), undefined)
  const impostor = createKeyRing(new Map([['old', keyOf('another')]]))
  t.equal(impostor.open('pepper', sealed), undefined, 'the id alone opens nothing')
  t.notOk(impostor.verifyMac('csrf', 'kept', mac))
  t.throws(() => createKeyRing(new Map()), /at least one key/)
})

void t.test('SECRET_KEYS: one key or many, in order', async (t) => {
  const [a, b] = [keyOf('a').toString('base64'), keyOf('b').toString('base64')]
  const keys = parseSecretKeys(` b-2 : ${b} , a_1:${a}\n`)
  t.type(keys, Map)
  if (typeof keys === 'string') return
  t.same([...keys.keys()], ['b-2', 'a_1'])
  t.same(keys.get('a_1'), keyOf('a'))
})

void t.test('SECRET_KEYS: each fault is said, and no key is repeated in it', async (t) => {
  const good = keyOf('secret').toString('base64')
  const faults: [string, RegExp][] = [
    ['', /entry 1 must be id:base64/],
    [good, /entry 1 must be id:base64/],
    [`:${good}`, /entry 1 must be id:base64/],
    [`a b:${good}`, /entry 1 must be id:base64/],
    [`a/b:${good}`, /entry 1 must be id:base64/],
    [`a.b:${good}`, /entry 1 must be id:base64/],
    [`ä:${good}`, /entry 1 must be id:base64/],
    [`${'k'.repeat(33)}:${good}`, /entry 1 must be id:base64/],
    [`k1:${good},`, /entry 2 must be id:base64/],
    [`k1:${good},,k2:${good}`, /entry 2 must be id:base64/],
    ['k1:', /entry 1 \(k1\) must be 32 bytes in base64, not 0/],
    [`k1:${good.slice(4)}`, /must be 32 bytes in base64, not 29/],
    [`k1:AAAA${good}`, /must be 32 bytes in base64, not 35/],
    [`k1:${keyOf('secret').toString('hex')}`, /must be 32 bytes in base64, not 48/],
    [`k1:${good},k1:${good}`, /entry 2 repeats the id k1/],
  ]
  for (const [text, fault] of faults) {
    const said = parseSecretKeys(text)
    if (typeof said !== 'string') t.fail(`accepted ${text}`)
    else {
      t.match(said, fault, text)
      t.notMatch(said, good.slice(5, 20))
    }
  }
})

void t.test('UUIDs of version 7 hold their time and sort by it', async (t) => {
  const random = seeded(3)
  let at = Date.UTC(2020, 0, 1)
  let before = ''
  for (let round = 0; round < 500; round += 1) {
    at += 1 + random(100_000_000)
    const id = uuidv7(new Date(at))
    // RFC 9562 §5.7: 48 bits of time, version 7, variant 10.
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
      t.fail(id)
    if (Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) !== at) t.fail(`time of ${id}`)
    if (id <= before || !isUuid(id)) t.fail(`${id} after ${before}`)
    before = id
  }
  const now = new Date(at)
  t.equal(new Set(Array.from({ length: 1000 }, () => uuidv7(now))).size, 1000)
})

void t.test('isUuid takes only what the database would give back', async (t) => {
  const id = uuidv7(new Date())
  t.ok(isUuid(id))
  for (const other of [
    '',
    id.toUpperCase(),
    `{${id}}`,
    `${id}\n`,
    ` ${id}`,
    `urn:uuid:${id}`,
    id.replaceAll('-', ''),
    id.slice(0, -1),
    `${id}0`,
    id.replace(/^./, 'g'),
  ])
    t.notOk(isUuid(other), JSON.stringify(other))
})

void t.test('comparing, hashing and random values', async (t) => {
  t.ok(equalInConstantTime('', ''))
  t.ok(equalInConstantTime('abc', 'abc'))
  for (const [a, b] of [
    ['abc', 'abd'],
    ['abc', 'ab'],
    ['', 'a'],
    ['a', 'A'],
    ['é', 'e\u0301'],
  ] as const)
    t.notOk(equalInConstantTime(a, b), `${a} ${b}`)
  t.equal(sha256(''), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
  t.equal(new Set(Array.from({ length: 500 }, () => randomToken())).size, 500)
  t.match(randomToken(), /^[A-Za-z0-9_-]{43}$/)
})
