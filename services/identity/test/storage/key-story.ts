// Signing keys through two years on a clock that moves.
import type { Test } from 'tap'
import { createKeySet } from '../../src/domain/keys/key-set.ts'
import { ensureKeys, revokeKey, rotateKeys } from '../../src/domain/keys/rotation.ts'
import { createKeyStore } from '../../src/domain/keys/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { auditOf, now } from './rows.ts'

const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))

export async function keysOn(t: Test, database: Database) {
  let at = now
  let announced = 0
  const store = createKeyStore(database.db)
  const deps = {
    database,
    ring,
    clock: () => at,
    announce: async () => {
      announced += 1
    },
  }
  const set = createKeySet(store, ring)
  const jwks = async () => {
    await set.refresh()
    const { keys } = JSON.parse(set.jwks(at).body) as { keys: { kid: string }[] }
    return keys.map(({ kid }) => kid)
  }
  const healthy = async (name: string) => {
    const published = await jwks()
    t.ok(published.includes(set.signer(at).kid), `${name}: what signs is published`)
    return published
  }
  const later = (seconds: number) => {
    at = new Date(at.getTime() + seconds * 1000)
  }

  const early = await rotateKeys(deps, 3600)
  t.ok((await healthy('rotated before the first start')).includes(early))
  await ensureKeys(deps, 3600)
  await healthy('first start')
  t.not(set.signer(at).kid, early, 'nobody has met it yet')
  later(2 * 86_400)
  await ensureKeys(deps, 3600)
  t.same(await healthy('the first key has gone'), [early], 'no key stays for ever')
  t.equal(set.signer(at).kid, early)

  const before = announced
  await ensureKeys(deps, 3600)
  t.equal(announced, before, 'nothing to do is nothing to say')
  const next = await rotateKeys(deps, 3600)
  t.equal(await rotateKeys(deps, 3600), next, 'the one that waits already')
  t.same(await healthy('rotated'), [early, next])
  t.equal(set.signer(at).kid, early)

  // The successor is revoked before it signed: the present key has to go on.
  t.match(await revokeKey(deps, next), { kind: 'revoked', successor: early })
  t.match(await revokeKey(deps, next), { kind: 'unknown' })
  t.match(await revokeKey(deps, 'no-such-key'), { kind: 'unknown' })
  for (const days of [0, 1, 2, 30]) {
    later(days * 86_400)
    await ensureKeys(deps, 3600)
    t.same(await healthy(`${days} days after`), [early])
  }

  // The key that signs is revoked: at once another does.
  const outcome = await revokeKey(deps, early)
  const made = outcome.kind === 'revoked' ? outcome.successor : ''
  t.same(await healthy('revoked'), [made])
  t.equal(set.verificationKey(early), undefined)
  // The same with one waiting: that one begins.
  const waiting = await rotateKeys(deps, 3600)
  t.match(await revokeKey(deps, made), { kind: 'revoked', successor: waiting })
  t.same(await healthy('promoted'), [waiting])
  t.equal(await auditOf(database, 'signing_key_revoked'), 3)

  for (let day = 0; day < 200; day += 1) {
    later(86_400)
    await ensureKeys(deps, 3600)
    if (day % 20 === 0) await healthy(`day ${day}`)
  }
  const states = await store.all()
  t.equal(states.filter(({ retiredAt }) => retiredAt === null).length, 1, 'one newest key')
  const sealed = ring.seal('signing-key', 'x', waiting)
  await store.reseal(waiting, sealed)
  t.equal((await store.all()).find(({ id }) => id === waiting)?.sealed, sealed)
}
