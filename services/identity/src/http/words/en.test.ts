import t from 'tap'
import { en } from './en.ts'
import { plain } from './words.ts'

void t.test('a wait is rounded up, so that nobody comes back too early', async (t) => {
  const waits: readonly (readonly [number, string])[] = [
    [0, '1 second'],
    [0.2, '1 second'],
    [1, '1 second'],
    [59.1, '60 seconds'],
    [60, '60 seconds'],
    [61, '2 minutes'],
    [120, '2 minutes'],
    [121, '3 minutes'],
  ]
  for (const [seconds, text] of waits) {
    t.equal(en.wait.throttled(seconds), `Too many tries. Try again in ${text}.`, String(seconds))
  }
})

void t.test('a phrase keeps what it was given apart from its own words', async (t) => {
  const inset = { markup: true }
  t.same(en.login.titleFor(inset), ['Sign in to ', inset])
  t.equal(plain(en.login.titleFor('<b>')), 'Sign in to <b>')
})

void t.test('the time of an error is UTC wherever the server stands', async (t) => {
  t.equal(en.errorDetails.when(new Date('2026-11-21T23:59:59+02:00')), '21 Nov 2026, 21:59:59 UTC')
})
