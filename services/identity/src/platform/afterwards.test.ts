import t from 'tap'
import { createAfterwards } from './afterwards.ts'

void t.test('work starts after the present turn, one at a time, in order', async (t) => {
  const afterwards = createAfterwards(10)
  const seen: string[] = []
  for (const name of ['one', 'two', 'three'])
    afterwards.run(
      async () => {
        seen.push(`${name} starts`)
        await new Promise((resolve) => setTimeout(resolve, 2))
        seen.push(`${name} ends`)
      },
      () => t.fail(name),
    )
  await Promise.resolve()
  t.same(seen, [], 'the answer goes first')
  await afterwards.settled()
  const all = ['one', 'two', 'three'].flatMap((name) => [`${name} starts`, `${name} ends`])
  t.same(seen, all)
})

void t.test('a failure is told, and stops nobody', async (t) => {
  const afterwards = createAfterwards(10)
  const seen: unknown[] = []
  const tell = (error: unknown) => seen.push(error)
  const broken = new Error('broken')
  t.ok(afterwards.run(() => Promise.reject(broken), tell))
  t.ok(afterwards.run(async () => void seen.push('the next one'), tell))
  await afterwards.settled()
  t.same(new Set(seen), new Set([broken, 'the next one']))
})

void t.test('more than may wait is turned away, and not done', async (t) => {
  const afterwards = createAfterwards(2)
  let done = 0
  const work = async () => void (done += 1)
  const taken = Array.from({ length: 5 }, () => afterwards.run(work, () => t.fail('failed')))
  t.same(taken, [true, true, true, false, false], 'one runs, two wait')
  await afterwards.settled()
  t.equal(done, 3)
  t.ok(
    afterwards.run(work, () => t.fail('failed')),
    'and then there is room again',
  )
  await afterwards.settled()
  t.equal(done, 4)
})

void t.test('with nothing to do it is settled at once', async (t) => {
  await t.resolves(createAfterwards(1).settled())
})
