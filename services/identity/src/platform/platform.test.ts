import t from 'tap'
import { createBoundedQueue } from './bounded-queue.ts'
import { addSeconds, epochSeconds } from './clock.ts'
import { REDACTED, serializeError } from './log.ts'
import { createTimedCache } from './timed-cache.ts'

/** A job that waits until the test lets it go. */
function gate() {
  let [open, fail]: [() => void, (reason: Error) => void] = [() => undefined, () => undefined]
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { passed, open: () => open(), fail: (reason: Error) => fail(reason) }
}

/** Lets everything that can go on go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

void t.test('a queue runs a few at a time, lets a few wait, and turns away the rest', async (t) => {
  const queue = createBoundedQueue(2, 3)
  const gates = Array.from({ length: 6 }, gate)
  const begun: number[] = []
  const runs = gates.map(({ passed }, index) =>
    queue.run(async () => {
      begun.push(index)
      await passed
      return index
    }),
  )
  t.same(begun, [0, 1], 'two at once')
  t.equal(queue.waiting, 3)
  t.ok(queue.full)
  t.equal(runs[5], undefined, 'the sixth is told at once')
  t.equal(
    queue.run(async () => t.fail('must not run')),
    undefined,
  )
  gates[1]?.open()
  await settled()
  t.same(begun, [0, 1, 2], 'first come, first served')
  t.notOk(queue.full)
  for (const { open } of gates) open()
  const results = []
  for (const run of runs.slice(0, 5)) results.push(await run)
  t.same(results, [0, 1, 2, 3, 4])
  t.equal(queue.waiting, 0)
})

void t.test('a job that fails frees its lane and fails alone', async (t) => {
  const queue = createBoundedQueue(1, 5)
  const failing = queue.run(() => Promise.reject(new Error('job failed')))
  const throwing = queue.run(() => {
    throw new Error('thrown before it began')
  })
  const working = queue.run(async () => 'done')
  await t.rejects(failing ?? Promise.resolve(), /job failed/)
  await t.rejects(throwing ?? Promise.resolve(), /thrown before/)
  t.equal(await working, 'done')
  t.equal(await queue.run(async () => 'again'), 'again')
  t.notOk(queue.full)
})

void t.test('never more than its lanes, however jobs come and go', async (t) => {
  const queue = createBoundedQueue(3, 10)
  let [running, most, done, turnedAway] = [0, 0, 0, 0]
  const results = Array.from({ length: 200 }, async (_, index) => {
    for (let wait = 0; wait < index % 17; wait += 1) await settled()
    const run = queue.run(async () => {
      running += 1
      most = Math.max(most, running)
      for (let wait = 0; wait < index % 3; wait += 1) await settled()
      running -= 1
      if (index % 5 === 0) throw new Error('one in five')
    })
    if (run === undefined) turnedAway += 1
    else await run.catch(() => undefined).finally(() => (done += 1))
  })
  await Promise.all(results)
  t.equal(most, 3)
  t.ok(turnedAway > 0 && done > 0)
  t.equal(turnedAway + done, 200)
  t.equal(await queue.run(async () => 'still open'), 'still open')
})

void t.test('a queue without room to wait is full when its lanes are', async (t) => {
  const queue = createBoundedQueue(1, 0)
  const first = gate()
  const run = queue.run(() => first.passed)
  t.ok(queue.full)
  t.equal(
    queue.run(async () => 1),
    undefined,
  )
  first.open()
  await run
  t.notOk(queue.full)
})

void t.test('a cache loads once for many who ask at the same time', async (t) => {
  let loads = 0
  const loading = gate()
  const cache = createTimedCache(
    async (key) => {
      loads += 1
      await loading.passed
      return `${key} ${loads}`
    },
    { ttlMs: 60_000, max: 10 },
  )
  const asked = Array.from({ length: 20 }, () => cache.get('a'))
  loading.open()
  t.same([...new Set(await Promise.all(asked))], ['a 1'])
  t.equal(await cache.get('a'), 'a 1')
  t.equal(await cache.get('b'), 'b 2', 'each key for itself')
  t.equal(await cache.get('__proto__'), '__proto__ 3')
})

void t.test('a failure reaches all who waited and is forgotten', async (t) => {
  let loads = 0
  const cache = createTimedCache(
    async () => {
      loads += 1
      if (loads === 1) throw new Error('database away')
      return loads
    },
    { ttlMs: 60_000, max: 10 },
  )
  const asked = await Promise.allSettled([cache.get('a'), cache.get('a'), cache.get('a')])
  t.same(
    asked.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  t.equal(await cache.get('a'), 2)
  t.equal(await cache.get('a'), 2)
})

void t.test('an answer ages, and the oldest makes room', async (t) => {
  const loads: string[] = []
  const load = async (key: string) => loads.push(key)
  const short = createTimedCache(load, { ttlMs: 30, max: 10 })
  await short.get('a')
  await new Promise((resolve) => setTimeout(resolve, 45))
  t.equal(await short.get('a'), 2, 'loaded anew')

  loads.length = 0
  const small = createTimedCache(load, { ttlMs: 60_000, max: 3 })
  for (const key of ['a', 'b', 'c', 'd']) await small.get(key)
  for (const key of ['b', 'c', 'd']) await small.get(key)
  t.same(loads, ['a', 'b', 'c', 'd'])
  await small.get('a')
  t.same(loads, ['a', 'b', 'c', 'd', 'a'])
})

void t.test('what was loading when the cache was cleared is not remembered', async (t) => {
  const gates = [gate(), gate()]
  let loads = 0
  const cache = createTimedCache(
    async () => {
      const mine = loads
      loads += 1
      await gates[mine]?.passed
      return mine
    },
    { ttlMs: 60_000, max: 10 },
  )
  const early = cache.get('a')
  cache.clear()
  const late = cache.get('a')
  gates[1]?.open()
  t.equal(await late, 1)
  gates[0]?.open()
  t.equal(await early, 0, 'who asked before gets what was')
  t.equal(await cache.get('a'), 1, 'nobody after does')

  const failing = gate()
  let fails = true
  const other = createTimedCache(async () => (fails ? failing.passed : undefined), {
    ttlMs: 60_000,
    max: 1,
  })
  const first = other.get('a')
  other.clear()
  fails = false
  const second = other.get('a')
  failing.fail(new Error('late failure'))
  await t.rejects(first, /late failure/)
  t.equal(other.get('a'), second, 'a failure forgets its own entry only')
})

void t.test('times: whole seconds, and seconds added', async (t) => {
  t.equal(epochSeconds(new Date(1999)), 1)
  t.equal(epochSeconds(new Date(-1)), -1)
  t.same(addSeconds(new Date(500), 1.5), new Date(2000))
})

void t.test('a logged query keeps its text and loses its parameters', async (t) => {
  const refused = Object.assign(
    new Error('invalid input syntax for type uuid: "ada@example.test"'),
    { code: '22P02' },
  )
  const query = Object.assign(
    new Error('Failed query: select $1::uuid\nparams: ada@example.test,hunter2', {
      cause: refused,
    }),
    { query: 'select $1::uuid', params: ['ada@example.test', 'hunter2'] },
  )
  const logged = serializeError(query)
  t.equal(logged.message, 'failed query: select $1::uuid')
  t.match(logged['cause'], { code: '22P02', message: /invalid input syntax for type uuid/ })
  for (const secret of ['ada@example.test', 'hunter2'])
    t.notMatch(JSON.stringify(logged), new RegExp(secret), secret)
  t.match(logged.stack, /^ {4}at /, 'the stack has places only')

  const long = Object.assign(new Error('x'), { query: 'a'.repeat(9000), params: [] })
  t.ok(serializeError(long).message.length < 400)
})

void t.test('a query deep inside another error loses its parameters as well', async (t) => {
  const query = Object.assign(new Error('params: hunter2'), { query: 'q', params: ['hunter2'] })
  const outer = new Error('sign-in failed', { cause: new TypeError('middle', { cause: query }) })
  const logged = serializeError(outer)
  t.match(logged, { type: 'Error', message: 'sign-in failed' })
  t.match(logged['cause'], { type: 'TypeError', message: 'middle' })
  t.notMatch(JSON.stringify(logged), /hunter2/)
})

void t.test('anything thrown can be logged', async (t) => {
  for (const thrown of ['text', 7, undefined, null, Symbol('x'), { message: 'no Error' }])
    t.match(serializeError(thrown), { type: typeof thrown, stack: '' })
  const noStack = new Error('bare')
  delete noStack.stack
  t.equal(serializeError(noStack).stack, '')
  const circular: Error = new Error('round')
  circular.cause = circular
  t.equal(serializeError(circular).message, 'round', 'an error that is its own cause ends')
})

void t.test('every secret name is redacted at the top, one and two levels down', async (t) => {
  for (const name of ['authorization', 'cookie', 'password', 'refresh_token', 'client_secret'])
    for (const path of [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])
      t.ok(REDACTED.includes(path), path)
})
