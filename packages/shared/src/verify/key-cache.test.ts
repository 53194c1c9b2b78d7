import t from 'tap'
import { createTestKey, type TestKey } from '../testing.ts'
import { createKeyCache } from './key-cache.ts'

const [k1, k2, k3] = await Promise.all(['k1', 'k2', 'k3'].map((kid) => createTestKey(kid)))
const known = [k1, k2, k3] as TestKey[]

function setUp() {
  const world = {
    now: 1_000_000,
    fetches: 0,
    published: known.slice(0, 1),
    down: false,
    maxAgeSeconds: 300 as number | undefined,
    slept: [] as number[],
    /** Holds a fetch back until called. */
    release: undefined as (() => void) | undefined,
    hold: false,
  }
  const find = createKeyCache({
    algorithms: ['RS256'],
    monotonic: () => world.now,
    sleep: async (ms) => {
      world.slept.push(ms)
      world.now += ms
    },
    load: async () => {
      world.fetches += 1
      if (world.hold) await new Promise<void>((resolve) => (world.release = resolve))
      if (world.down) throw new Error('no route')
      return {
        keys: world.published.map(({ publicJwk }) => publicJwk),
        maxAgeSeconds: world.maxAgeSeconds,
      }
    },
  })
  const status = async (kid: string) => (await find(kid, 'RS256')).status
  return { world, find, status }
}

await t.test('one fetch for many requests', async (t) => {
  const { world, status } = setUp()
  const all = await Promise.all(Array.from({ length: 200 }, () => status('k1')))
  t.ok(all.every((one) => one === 'found'))
  t.equal(world.fetches, 1)
  world.now += 299_000
  t.equal(await status('k1'), 'found')
  t.equal(world.fetches, 1, 'fresh keys cost nothing')
})

await t.test('freshness follows the issuer, within 30 s and 5 minutes', async (t) => {
  for (const [maxAgeSeconds, stillFresh, stale] of [
    [0, 29_000, 31_000],
    [100, 99_000, 101_000],
    [86_400, 299_000, 301_000],
    [undefined, 299_000, 301_000],
  ] as const) {
    const { world, status } = setUp()
    world.maxAgeSeconds = maxAgeSeconds
    await status('k1')
    world.now += stillFresh
    await status('k1')
    t.equal(world.fetches, 1, `${maxAgeSeconds}: fresh`)
    world.now += stale - stillFresh
    await status('k1')
    t.equal(world.fetches, 2, `${maxAgeSeconds}: stale`)
  }
})

await t.test('a removed key is refused after the next refresh', async (t) => {
  const { world, find, status } = setUp()
  world.published = known.slice(0, 2)
  const before = await find('k2', 'RS256')
  t.equal(await status('k1'), 'found')
  world.published = known.slice(1, 2)
  world.now += 301_000
  await status('k1')
  await new Promise(setImmediate)
  t.equal(await status('k1'), 'unknown')
  t.same(await find('k2', 'RS256'), before, 'the other one is the same key still')
})

await t.test('after a long silence the first request waits for news', async (t) => {
  const { world, status } = setUp()
  await status('k1')
  world.published = known.slice(1, 2)
  world.now += 3_600_000
  world.hold = true
  const answer = status('k1')
  await new Promise(setImmediate)
  world.release?.()
  t.equal(await answer, 'found', 'but no longer than its patience')
  t.same(world.slept, [1000])
})

await t.test('an outage of the issuer', async (t) => {
  const { world, status } = setUp()
  await status('k1')
  world.down = true
  world.now += 301_000
  t.equal(await status('k1'), 'found', 'keys once had go on serving')
  for (let hour = 0; hour < 24; hour += 1) {
    world.now += 3_600_000
    t.equal(await status('k1'), 'found')
  }
  const before = world.fetches
  for (let second = 0; second < 300; second += 1) {
    world.now += 1000
    await status('k1')
    await status('k9')
  }
  t.ok(world.fetches - before <= 11, `${world.fetches - before} fetches in 5 minutes`)

  world.down = false
  world.published = known.slice(1, 2)
  world.now += 31_000
  await status('k1')
  await new Promise(setImmediate)
  t.equal(await status('k2'), 'found', 'news are taken when it is back')
  t.equal(await status('k1'), 'unknown')
})

await t.test('a cold start without the issuer fails closed, and backs off', async (t) => {
  const { world, find, status } = setUp()
  world.down = true
  t.match(await find('k1', 'RS256'), { status: 'unavailable', retryAfterSeconds: 1 })
  await Promise.all(Array.from({ length: 50 }, () => status('k1')))
  t.equal(world.fetches, 1)
  world.now += 1000
  t.match(await find('k1', 'RS256'), { status: 'unavailable', retryAfterSeconds: 2 })
  t.equal(world.fetches, 2)
  world.down = false
  world.now += 2000
  t.equal(await status('k1'), 'found')
})

await t.test('an answer without a usable key replaces nothing', async (t) => {
  const { world, status } = setUp()
  await status('k1')
  world.published = []
  world.now += 301_000
  await status('k1')
  await new Promise(setImmediate)
  t.equal(world.fetches, 2)
  t.equal(await status('k1'), 'found')
})

await t.test('a freshly published key is found', async (t) => {
  const { world, status } = setUp()
  t.equal(await status('k1'), 'found')
  world.published = known.slice(0, 2)
  t.equal(await status('k2'), 'found', 'at once')
  world.published = known
  t.equal(await status('k3'), 'found', 'within the interval of the last look')
  t.same(world.slept, [2000])
  t.equal(world.fetches, 3)
})

await t.test('a flood of invented key ids', async (t) => {
  const { world, status } = setUp()
  await status('k1')
  const answers = await Promise.all(
    Array.from({ length: 5000 }, (_, index) => status(`evil-${index}`)),
  )
  t.ok(answers.every((one) => one === 'unknown'))
  t.ok(world.fetches <= 3, `${world.fetches} fetches for 5000 ids`)
  const before = world.fetches
  const from = world.now
  for (let index = 0; index < 100; index += 1) await status(`more-${index}`)
  const seconds = (world.now - from) / 1000
  t.ok(world.fetches - before <= seconds / 2 + 1, `${world.fetches - before} in ${seconds} s`)
})

await t.test('an unknown id on a cold start costs one fetch, not two', async (t) => {
  const { world, status } = setUp()
  t.equal(await status('k9'), 'unknown')
  t.equal(world.fetches, 1)
})
