import t from 'tap'
import { addSeconds } from '../../platform/clock.ts'
import { createKeyRing } from '../../platform/crypto/key-ring.ts'
import { createKeySet } from './key-set.ts'
import {
  JWKS_CACHE_SECONDS,
  type KeyTimes,
  PUBLISH_AHEAD_SECONDS,
  SIGNING_SECONDS,
  isPublished,
  keyState,
  planRotation,
  rotationAt,
  signingKeyAt,
} from './key-state.ts'
import { makeSigningKey } from './make-key.ts'
import type { KeyRow, KeyStore } from './store.ts'

const start = new Date('2026-01-01T00:00:00Z')
const after = (seconds: number) => addSeconds(start, seconds)
const DAY = 86_400

const key = (id: string, times: Partial<KeyTimes> = {}): KeyTimes => ({
  id,
  publishedAt: start,
  signsFrom: start,
  retiredAt: null,
  withdrawnAt: null,
  revokedAt: null,
  ...times,
})

void t.test('the state of a key follows from its times, to the moment', async (t) => {
  const times = {
    signsFrom: after(DAY),
    retiredAt: after(90 * DAY),
    withdrawnAt: after(91 * DAY),
  }
  const rows: [number, string, boolean][] = [
    [0, 'next', true],
    [DAY - 0.001, 'next', true],
    [DAY, 'signing', true],
    [90 * DAY - 0.001, 'signing', true],
    [90 * DAY, 'retired', true],
    [91 * DAY - 0.001, 'retired', true],
    [91 * DAY, 'withdrawn', false],
    [9999 * DAY, 'withdrawn', false],
  ]
  for (const [seconds, state, published] of rows) {
    t.equal(keyState(key('k', times), after(seconds)), state, `${seconds}`)
    t.equal(isPublished(key('k', times), after(seconds)), published, `${seconds}`)
    const revoked = key('k', { ...times, revokedAt: after(seconds) })
    t.equal(keyState(revoked, after(seconds)), 'revoked')
    t.notOk(isPublished(revoked, after(seconds)))
  }
  t.notOk(isPublished(key('k', { publishedAt: after(1) }), start), 'not before its time')
})

void t.test('the newest key whose time has come signs, a revoked one never', async (t) => {
  const keys = [
    key('old', { retiredAt: after(10) }),
    key('new', { signsFrom: after(10) }),
    key('later', { signsFrom: after(20) }),
    key('bad', { signsFrom: after(15), revokedAt: after(30) }),
  ]
  const signer = (seconds: number) => signingKeyAt(keys, after(seconds))?.id
  t.equal(signer(-1), undefined)
  t.equal(signer(0), 'old')
  t.equal(signer(9.999), 'old')
  t.equal(signer(10), 'new')
  t.equal(signer(16), 'new', 'revoked later is revoked for what was before as well')
  t.equal(signer(20), 'later')
  t.equal(signingKeyAt([], start), undefined)
})

/** What the service does, on a clock: a look every so often, a key when one is due. */
function simulate(days: number, longestTokenSeconds: number, step: (random: number) => number) {
  const keys: KeyTimes[] = []
  const looks: { readonly at: Date; readonly keys: readonly KeyTimes[] }[] = []
  let state = 11
  for (let at = start; at < after(days * DAY);) {
    const plan = planRotation(keys, at, longestTokenSeconds)
    if (plan !== undefined) {
      const retiring = keys.findIndex(({ id }) => id === plan.retires)
      const old = keys[retiring]
      if (old !== undefined)
        keys[retiring] = { ...old, retiredAt: plan.signsFrom, withdrawnAt: plan.withdrawnAt }
      keys.push(key(`k${keys.length}`, { publishedAt: at, signsFrom: plan.signsFrom }))
    }
    looks.push({ at, keys: [...keys] })
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    at = addSeconds(at, step(state / 2 ** 32))
  }
  return { keys, looks }
}

const lives: [string, number, (random: number) => number][] = [
  ['looked at every hour', 3600, () => 3600],
  ['looked at now and then, tokens of a day', DAY, (random) => 60 + random * 9 * 3600],
  ['switched off for days at a time', 600, (random) => (random < 0.9 ? 3600 : random * 20 * DAY)],
]
for (const [name, longest, step] of lives)
  void t.test(`four years of rotation, ${name}`, async (t) => {
    const { keys, looks } = simulate(4 * 365, longest, step)
    t.ok(keys.length >= 14 && keys.length <= 18, `${keys.length} keys`)
    // Between two looks time goes on with the keys as they are.
    for (const [index, { at, keys: known }] of looks.entries()) {
      const next = looks[index + 1]?.at ?? at
      for (const part of [0, 0.5, 0.999]) {
        const moment = new Date(at.getTime() + (next.getTime() - at.getTime()) * part)
        const signing = known.filter((one) => keyState(one, moment) === 'signing')
        const signer = signingKeyAt(known, moment)
        if (signing.length !== 1 || signing[0] !== signer)
          t.fail(`${signing.length} keys sign at ${moment.toISOString()}`)
        if (signer === undefined || !isPublished(signer, moment))
          t.fail(`the signer is not published at ${moment.toISOString()}`)
        for (const one of known) {
          const mustStay =
            (one.retiredAt?.getTime() ?? Infinity) + (longest + JWKS_CACHE_SECONDS) * 1000
          const hasSigned = one.signsFrom <= moment
          if (hasSigned && moment.getTime() < mustStay && !isPublished(one, moment))
            t.fail(`${one.id} is gone while its tokens live at ${moment.toISOString()}`)
        }
        const published = known.filter((one) => isPublished(one, moment))
        if (published.length > 3) t.fail(`${published.length} keys at ${moment.toISOString()}`)
      }
    }
    for (const one of keys.slice(1))
      if (one.signsFrom.getTime() - one.publishedAt.getTime() < PUBLISH_AHEAD_SECONDS * 1000)
        t.fail(`${one.id} signs before verifiers have met it`)
    const lifetimes = keys.flatMap(({ signsFrom, retiredAt }) =>
      retiredAt === null ? [] : [(retiredAt.getTime() - signsFrom.getTime()) / 1000],
    )
    for (const lifetime of lifetimes)
      if (lifetime < SIGNING_SECONDS) t.fail(`a key signed for ${lifetime} s only`)
    const last = looks.at(-1)
    t.ok(last && planRotation(last.keys, last.at, longest) === undefined, 'a second look adds none')
  })

void t.test('a key is planned when it is due, and once', async (t) => {
  const plan = (keys: KeyTimes[], seconds: number) => planRotation(keys, after(seconds), 600)
  t.same(plan([], 0), { signsFrom: start, retires: undefined, withdrawnAt: after(960) })
  const due = SIGNING_SECONDS - PUBLISH_AHEAD_SECONDS
  t.equal(plan([key('a')], due - 0.001), undefined)
  t.same(plan([key('a')], due), {
    signsFrom: after(due + DAY),
    retires: 'a',
    withdrawnAt: after(due + DAY + 960),
  })
  const next = key('b', { signsFrom: after(due + DAY) })
  t.equal(plan([key('a'), next], due + 1), undefined, 'one is waiting')
  t.ok(plan([key('a'), { ...next, revokedAt: after(due) }], due + 1), 'a revoked one is none')
  t.match(plan([key('a', { revokedAt: after(5) })], 6), { signsFrom: after(6), retires: undefined })
  t.match(plan([key('a')], 1000 * DAY), { signsFrom: after(1001 * DAY) }, 'never without notice')
  t.ok(PUBLISH_AHEAD_SECONDS >= DAY && PUBLISH_AHEAD_SECONDS > JWKS_CACHE_SECONDS)
  t.same(rotationAt(start, 'x', 0).withdrawnAt, after(JWKS_CACHE_SECONDS))
})

const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))

function storeOf(rows: KeyRow[]): KeyStore {
  const nothing = async () => undefined
  return {
    all: async () => rows,
    add: nothing,
    revoke: nothing,
    promote: nothing,
    reseal: nothing,
    reinstate: nothing,
  }
}

void t.test('the key set: what signs, what verifies, what is published', async (t) => {
  const rows = await Promise.all(
    [
      key('', { retiredAt: after(100), withdrawnAt: after(200) }),
      key('', { signsFrom: after(100) }),
      key('', { revokedAt: after(50) }),
    ].map(async (times) => ({ ...times, ...(await makeSigningKey(ring)) })),
  )
  const [old, current, revoked] = rows.map(({ id }) => id)
  const set = createKeySet(storeOf(rows), ring)
  t.throws(() => set.signer(start), /no key signs/, 'before it has read any')
  await set.refresh()

  const kids = (seconds: number) => {
    const { keys } = JSON.parse(set.jwks(after(seconds)).body) as { keys: { kid: string }[] }
    return keys.map(({ kid }) => kid)
  }
  t.same(kids(60), [old, current])
  t.same(kids(199), [old, current])
  t.same(kids(200), [current])
  t.equal(set.signer(after(99)).kid, old)
  t.equal(set.signer(after(100)).kid, current)
  t.ok(set.verificationKey(old ?? ''), 'withdrawn is not revoked')
  t.equal(set.verificationKey(revoked ?? ''), undefined)
  t.equal(set.verificationKey('unknown'), undefined)

  const { body, etag } = set.jwks(after(60))
  t.equal(set.jwks(after(61)).etag, etag)
  t.not(set.jwks(after(200)).etag, etag)
  const { keys } = JSON.parse(body) as { keys: Record<string, unknown>[] }
  // RFC 7517 §9.3 and RFC 7518 §6.3.2: no private member ever.
  for (const jwk of keys)
    t.same(Object.keys(jwk).toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use'].toSorted())
})

void t.test('a key that does not open is said at once, by the id of the missing key', async (t) => {
  const row = { ...key(''), ...(await makeSigningKey(ring)) }
  const elsewhere = createKeyRing(new Map([['k9', Buffer.alloc(32, 9)]]))
  await t.rejects(
    createKeySet(storeOf([row]), elsewhere).refresh(),
    /the key k1 that sealed it is missing/,
  )
  const swapped = { ...row, id: 'another-kid' }
  await t.rejects(createKeySet(storeOf([swapped]), ring).refresh(), /does not open/)
  t.notMatch(row.sealed, /"d"|kty/)
  t.notOk('d' in row.publicJwk)
})
