import { keyState } from '../domain/keys/key-state.ts'
import { revokeKey, rotateKeys } from '../domain/keys/rotation.ts'
import { createKeyStore } from '../domain/keys/store.ts'
import { createSettingsStore } from '../domain/settings/store.ts'
import { type Foundation, announce } from '../service.ts'
import { type Command, type Invocation, UsageError, print, withFoundation } from './command.ts'

export const keys: Command = {
  usage: 'keys list|rotate|revoke <kid>',
  about: 'see, turn over or withdraw the signing keys',
  async run(invocation) {
    const [verb, kid, ...rest] = invocation.words
    const fits = rest.length === 0 && (verb === 'revoke') === (kid !== undefined)
    if (!fits) throw new UsageError('keys list, keys rotate, or keys revoke <kid>')
    await withFoundation(async (foundation) => {
      if (verb === 'list') return list(invocation, foundation)
      if (verb === 'rotate') return rotate(invocation, foundation)
      if (verb === 'revoke' && kid !== undefined) return revoke(invocation, foundation, kid)
      throw new UsageError(`keys has no ${verb ?? 'default'}: say list, rotate or revoke <kid>`)
    })
  },
}

async function list(invocation: Invocation, { database, clock }: Foundation): Promise<void> {
  const rows = await createKeyStore(database.db).all()
  const shown = rows.map((row) => ({
    kid: row.id,
    alg: row.alg,
    state: keyState(row, clock()),
    published_at: row.publishedAt.toISOString(),
    signs_from: row.signsFrom.toISOString(),
    retired_at: row.retiredAt?.toISOString(),
    withdrawn_at: row.withdrawnAt?.toISOString(),
    revoked_at: row.revokedAt?.toISOString(),
  }))
  const lines = shown.map((key) => `${key.kid}  ${key.alg}  ${key.state}  from ${key.signs_from}`)
  print(invocation, { keys: shown }, lines)
}

async function rotate(
  invocation: Invocation,
  { database, ring, clock }: Foundation,
): Promise<void> {
  const settings = await createSettingsStore(database.db).load()
  const longest = Math.max(settings.access_token_ttl_seconds, settings.id_token_ttl_seconds)
  const deps = { database, ring, clock, announce: announce(database, 'keys') }
  const kid = await rotateKeys(deps, longest)
  print(invocation, { kid }, [`${kid} is published now and signs in 24 hours.`])
}

async function revoke(
  invocation: Invocation,
  { database, ring, clock }: Foundation,
  kid: string,
): Promise<void> {
  const deps = { database, ring, clock, announce: announce(database, 'keys') }
  const outcome = await revokeKey(deps, kid)
  if (outcome.kind === 'unknown')
    throw new UsageError(`no key that can be revoked has the id ${kid}`)
  const { successor } = outcome
  print(invocation, { revoked: kid, successor }, [`${kid} is revoked; ${successor} signs now.`])
}
