import t from 'tap'
import { ProviderError } from './provider-error.ts'
import type { TokenSet } from './provider.ts'
import { createRefresher } from './refresher.ts'
import type { Session } from './session.ts'

const session: Session = {
  id: 'i',
  sub: 'u',
  user: {},
  signedInAt: 0,
  tokensAt: 0,
  accessToken: 'a0',
  accessExpiresAt: 600,
  refreshToken: 'r0',
  idToken: 't',
  scopes: ['a'],
  csrfToken: 'c',
}

function setUp(rotates: boolean) {
  const world = { now: 0, calls: [] as string[], fails: undefined as ProviderError | undefined }
  const refresher = createRefresher(
    {
      async refresh(refreshToken): Promise<TokenSet> {
        const count = world.calls.push(refreshToken)
        await new Promise(setImmediate)
        if (world.fails !== undefined) throw world.fails
        return {
          accessToken: `a${count}`,
          accessExpiresAt: world.now / 1000 + 30,
          refreshToken: rotates ? `r${count}` : undefined,
          idToken: undefined,
          scopes: undefined,
        }
      },
    },
    () => world.now,
  )
  const fresh = async (from: Session) => {
    const result = await refresher.fresh(from)
    return result.status === 'ok' ? result.session : result.status
  }
  return { world, refresher, fresh }
}

await t.test('a living token is left alone, up to ten seconds before its end', async (t) => {
  const { world, fresh } = setUp(true)
  world.now = 589_000
  t.equal(await fresh(session), session)
  t.same(world.calls, [])
  world.now = 590_000
  t.match(await fresh(session), {
    accessToken: 'a1',
    refreshToken: 'r1',
    scopes: ['a'],
    idToken: 't',
  })
})

await t.test('one refresh for many, and for latecomers', async (t) => {
  const { world, fresh } = setUp(true)
  world.now = 700_000
  const all = await Promise.all(Array.from({ length: 50 }, () => fresh(session)))
  t.equal(new Set(all).size, 1)
  world.now += 59_000
  await fresh(session)
  t.same(world.calls, ['r0'])
})

await t.test('refresh tokens that do not rotate are used again', async (t) => {
  const { world, fresh } = setUp(false)
  world.now = 700_000
  const first = await fresh(session)
  t.match(first, { accessToken: 'a1', refreshToken: 'r0' })
  world.now += 25_000
  t.match(await fresh(first as Session), { accessToken: 'a2', refreshToken: 'r0' })
  t.same(world.calls, ['r0', 'r0'])
})

await t.test('what an error means', async (t) => {
  for (const [kind, expected] of [
    ['ended', 'ended'],
    ['unavailable', 'unavailable'],
    ['invalid', 'unavailable'],
    ['denied', 'unavailable'],
  ] as const) {
    const { world, fresh } = setUp(true)
    world.fails = new ProviderError(kind, 'x')
    world.now = 595_000
    t.equal(await fresh(session), session, `${kind}: the old token serves to its end`)
    world.now = 700_000
    t.equal(await fresh(session), expected, kind)
  }
})

await t.test('an outage is asked about once a second', async (t) => {
  const { world, fresh } = setUp(true)
  world.fails = new ProviderError('unavailable', 'x')
  world.now = 700_000
  for (let index = 0; index < 20; index += 1) await fresh(session)
  t.equal(world.calls.length, 1)
  world.now += 1000
  world.fails = undefined
  t.match(await fresh(session), { accessToken: 'a2' })
})

await t.test('without a refresh token', async (t) => {
  const { world, fresh } = setUp(true)
  world.now = 595_000
  t.match(await fresh({ ...session, refreshToken: null }), { accessToken: 'a0' })
  world.now = 600_000
  t.equal(await fresh({ ...session, refreshToken: null }), 'ended')
})

void t.test(
  'a session from before this process began is asked about once (ASVS 7.4.1)',
  async (t) => {
    const world = { ended: false, away: false, calls: 0 }
    const refresher = createRefresher(
      {
        async refresh(): Promise<TokenSet> {
          world.calls += 1
          await new Promise(setImmediate)
          if (world.away) throw new ProviderError('unavailable', 'away')
          if (world.ended) throw new ProviderError('ended', 'over')
          return {
            accessToken: 'a1',
            accessExpiresAt: 5000,
            refreshToken: 'r1',
            idToken: undefined,
            scopes: undefined,
          }
        },
      },
      () => 1_000_000,
    )
    const old = { ...session, accessExpiresAt: 2000, tokensAt: 999 }
    world.away = true
    t.same(
      await refresher.fresh(old),
      { status: 'ok', session: old },
      'an issuer that is away ends nothing',
    )
    world.away = false
    world.ended = true
    const copied = { ...old, refreshToken: 'copied' }
    t.same(await refresher.fresh(copied), { status: 'ended' }, 'a copy of what was signed out')
    world.ended = false
    const other = { ...old, refreshToken: 'other' }
    const result = await refresher.fresh(other)
    t.equal(result.status, 'ok')
    if (result.status !== 'ok') return
    const before = world.calls
    t.equal((await refresher.fresh(result.session)).status, 'ok')
    t.equal(world.calls, before, 'once')
    const without = { ...old, refreshToken: null }
    t.equal((await refresher.fresh(without)).status, 'ok', 'nothing to ask with')
  },
)
