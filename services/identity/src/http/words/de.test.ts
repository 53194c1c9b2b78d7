import t from 'tap'
import { de } from './de.ts'
import { plain } from './words.ts'

void t.test('one is singular, everything else plural', async (t) => {
  const waits: readonly (readonly [number, string])[] = [
    [0, '1 Sekunde'],
    [1, '1 Sekunde'],
    [2, '2 Sekunden'],
    [21, '21 Sekunden'],
    [60, '60 Sekunden'],
    [61, '2 Minuten'],
    [3600, '60 Minuten'],
  ]
  for (const [seconds, text] of waits) {
    t.equal(
      de.wait.throttled(seconds),
      `Zu viele Versuche. Versuchen Sie es in ${text} noch einmal.`,
    )
    t.match(de.wait.busy(seconds), `Versuchen Sie es in ${text} noch einmal.`)
  }
})

void t.test('a name stands inside its sentence, as it is', async (t) => {
  const inset = { markup: true }
  t.same(de.login.titleFor(inset), ['Bei ', inset, ' anmelden'])
  t.equal(plain(de.consent.title('<b>')), 'Darf <b> Ihr Konto nutzen?')
})

void t.test('a date is written as in Germany', async (t) => {
  t.equal(de.errorDetails.when(new Date('2026-11-21T14:03:22Z')), '21.11.2026, 14:03:22 UTC')
})
