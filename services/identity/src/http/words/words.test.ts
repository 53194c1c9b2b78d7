import t from 'tap'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import type { Words } from './words.ts'

/** Every string by its path; whatever takes a value is asked with `given`. */
function strings(words: unknown, given: unknown, path = ''): [string, string][] {
  if (typeof words === 'string') return [[path, words]]
  if (typeof words === 'function') {
    const made: unknown = Reflect.apply(words, undefined, [given])
    return [[path, Array.isArray(made) ? made.join('') : String(made)]]
  }
  return Object.entries(words ?? {}).flatMap(([key, inner]) =>
    strings(inner, given, path === '' ? key : `${path}.${key}`),
  )
}

const five = 5
// A number, as some sentences count; digits that no sentence has of its own.
const marker = '4711'
const english = new Map(strings(en, five))

// Names, and words that German shares with English.
const shared: Readonly<Record<string, readonly string[]>> = {
  de: [
    'product',
    'app.website',
    'fields.name',
    'fields.optional',
    'verifyEmail.code',
    'account.sections.passkeys',
    'passkeys.room.title',
    'passkeys.one.name',
  ],
  ar: ['product'],
}

/** Names, addresses and marks that stay as they are in any script. */
const technical = /https:\/\/|Signet|admin-link|name@example\.com|\{(?:time|count)\}|UTC/g

function untranslated(words: Words): string[] {
  return strings(words, five)
    .filter(([path, text]) => english.get(path) === text)
    .map(([path]) => path)
}

for (const [tag, words] of Object.entries({ de, ar })) {
  void t.test(`${tag} says everything, and nothing in English`, async (t) => {
    t.same(
      strings(words, five).map(([path]) => path),
      [...english.keys()],
      'the same keys in the same order',
    )
    t.same(untranslated(words), shared[tag])
    t.same(
      untranslated({ ...words, footer: en.footer }),
      [...(shared[tag] ?? []), 'footer.usedBy', 'footer.language'].toSorted(byEnglish),
      'a planted one is seen',
    )
  })
}

function byEnglish(a: string, b: string): number {
  const order = [...english.keys()]
  return order.indexOf(a) - order.indexOf(b)
}

for (const [tag, words] of Object.entries({ en, de, ar })) {
  void t.test(
    `${tag}: a value given to a sentence is in it once, and nothing is missing`,
    async (t) => {
      const broken = /^\s*$|undefined|NaN|\[object|["']|\.\.\.|  /
      t.same(
        strings(words, five).filter(([, text]) => broken.test(text)),
        [],
      )
      const sentences = strings(words, Number(marker)).filter(([, text]) => text.includes(marker))
      for (const [path, text] of sentences) t.equal(text.split(marker).length, 2, path)
      t.ok(sentences.length >= 15, 'the phrases were found')
      t.equal(
        words.wait.counting.split('{time}').length,
        2,
        'the countdown has one place for the time',
      )
      t.match(words.errorPrefix, /: $/, 'the title follows after a space')
    },
  )

  void t.test(`${tag}: sentences end, titles and labels do not`, async (t) => {
    for (const [kind, { title, what, next }] of Object.entries(words.errors)) {
      t.notMatch(title, /[.:!]$/, `${kind} title`)
      t.match(what, /\.$/, `${kind} what`)
      t.match(next, /\.$/, `${kind} next`)
    }
    const labels = { ...words.fields, ...words.actions, allow: words.consent.allow }
    for (const [path, text] of strings(labels, five)) t.notMatch(text, /[.:!]$/, path)
  })

  void t.test(`${tag}: a wait is rounded up, and a minute is still told in seconds`, async (t) => {
    const { throttled } = words.wait
    for (const [short, long] of [
      [0, 1],
      [0.2, 1],
      [59.1, 60],
      [60.1, 120],
      [61, 120],
      [121, 180],
    ] as const)
      t.equal(throttled(short), throttled(long), `${short} reads like ${long}`)
    t.not(throttled(60), throttled(61))
    t.not(throttled(1), throttled(2))
    t.match(throttled(60), '60')
    t.match(throttled(3600), '60')
  })

  void t.test(
    `${tag}: the time of an error is UTC, in digits that a countdown shares`,
    async (t) => {
      const said = words.errorDetails.when(new Date('2026-11-21T23:05:59+02:00'))
      for (const part of ['21', '2026', '21:05:59', 'UTC']) t.match(said, part)
    },
  )
}

void t.test('Arabic is written in Arabic, but for names and addresses', async (t) => {
  // Marks of direction belong to elements (`dir`, `bdi`), where they can be seen.
  const foreign = /[a-z,;?\u0660-\u0669\u200e\u200f\u202a-\u202e\u2066-\u2069]/i
  const wrong = strings(ar, five).filter(
    ([path, text]) =>
      path !== 'product' &&
      (foreign.test(text.replace(technical, '')) || !/\p{Script=Arabic}/u.test(text)),
  )
  t.same(wrong, [])
  t.match('Sign in إلى', foreign, 'a planted one is seen')
})

void t.test('German is written in Latin letters, and says Sie', async (t) => {
  const wrong =
    /[^\p{Script=Latin}\p{Script=Common}]|(?<!\p{L})(?:du|dich|dir|dein\p{L}*)(?!\p{L})/iu
  t.same(
    strings(de, five).filter(([, text]) => wrong.test(text)),
    [],
  )
  t.match('Gib dein Passwort ein.', wrong, 'a planted one is seen')
})
