import { setTimeout as wait } from 'node:timers/promises'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import {
  PUBLISH_AHEAD_SECONDS,
  keyState,
  planRotation,
  rotationAt,
  signingKeyAt,
} from './key-state.ts'
import { makeSigningKey } from './make-key.ts'
import { type KeyStore, createKeyStore } from './store.ts'

export interface RotationDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
  /** Tells this and the other nodes to read the keys anew. */
  readonly announce: () => Promise<void>
}

const KEY_LOCK = 'signing-keys'

/** Makes a key when one is due: the first at first start, then each next one before its time. One node at a time. */
export async function ensureKeys(
  { database, ring, clock, announce }: RotationDeps,
  longestTokenSeconds: number,
): Promise<void> {
  // A look without the lock first: nearly always there is nothing to do.
  if (
    planRotation(await createKeyStore(database.db).all(), clock(), longestTokenSeconds) ===
    undefined
  )
    return
  const won = await database.withLock(KEY_LOCK, async () => {
    const at = clock()
    const plan = planRotation(await createKeyStore(database.db).all(), at, longestTokenSeconds)
    if (plan === undefined) return
    const key = await makeSigningKey(ring)
    await database.db.transaction(async (tx) => {
      await createKeyStore(tx).add(key, plan, at)
      const detail = { kid: key.id, signs_from: plan.signsFrom.toISOString() }
      await createAuditStore(tx, clock).record({ event: 'signing_key_created', detail })
    })
  })
  if (won) await announce()
}

/**
 * Publishes a next key now; it signs after every verifier has had time to meet it. Returns its kid, or that of the one
 * already waiting.
 */
export async function rotateKeys(deps: RotationDeps, longestTokenSeconds: number): Promise<string> {
  // Before the first start there is no key yet that the next one could relieve.
  await ensureKeys(deps, longestTokenSeconds)
  let kid = ''
  const work = async () => {
    kid = await addNextKey(deps, longestTokenSeconds)
  }
  // Another node is making a key: afterwards it is the one that waits.
  for (let tries = 0; !(await deps.database.withLock(KEY_LOCK, work)); tries += 1) {
    if (tries === 100) throw new Error('another process has been making a key for too long')
    await wait(100)
  }
  await deps.announce()
  return kid
}

async function addNextKey(
  { database, ring, clock }: RotationDeps,
  longestTokenSeconds: number,
): Promise<string> {
  const at = clock()
  const keys = await createKeyStore(database.db).all()
  const waiting = keys.find((key) => keyState(key, at) === 'next')
  if (waiting !== undefined) return waiting.id
  const key = await makeSigningKey(ring)
  const signsFrom = addSeconds(at, PUBLISH_AHEAD_SECONDS)
  const plan = rotationAt(signsFrom, signingKeyAt(keys, at)?.id, longestTokenSeconds)
  await database.db.transaction(async (tx) => {
    await createKeyStore(tx).add(key, plan, at)
    const detail = { kid: key.id, signs_from: signsFrom.toISOString(), by: 'operator' }
    await createAuditStore(tx, clock).record({ event: 'signing_key_created', detail })
  })
  return key.id
}

export type Revocation =
  { readonly kind: 'revoked'; readonly successor: string } | { readonly kind: 'unknown' }

/** Emergency: the key leaves the JWKS at once, nothing it signed is believed here, and another signs from now on. */
export async function revokeKey(
  { database, ring, clock, announce }: RotationDeps,
  kid: string,
): Promise<Revocation> {
  const at = clock()
  const keys = await createKeyStore(database.db).all()
  if (!keys.some((key) => key.id === kid && key.revokedAt === null)) return { kind: 'unknown' }
  const others = keys.filter((key) => key.id !== kid)
  const signing = others.find((key) => keyState(key, at) === 'signing')
  const next = others.find((key) => keyState(key, at) === 'next')
  const made = signing === undefined && next === undefined ? await makeSigningKey(ring) : undefined

  await database.db.transaction(async (tx) => {
    const store: KeyStore = createKeyStore(tx)
    await store.revoke(kid, at)
    if (made !== undefined) await store.add(made, rotationAt(at, undefined, 0), at)
    else if (signing === undefined && next !== undefined) await store.promote(next.id, at)
    // The revoked key may have been the successor that the signing key was to make room for.
    else if (signing !== undefined && next === undefined) await store.reinstate(signing.id)
    await createAuditStore(tx, clock).record({ event: 'signing_key_revoked', detail: { kid } })
  })
  await announce()
  return { kind: 'revoked', successor: made?.id ?? signing?.id ?? next?.id ?? '' }
}
