import t from 'tap'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { OWN_NAME, named } from './named.ts'
import { plain } from './words.ts'

/** Every string, and what every sentence says around `given`. */
function said(words: unknown, given: unknown): string[] {
  if (typeof words === 'string') return [words]
  if (typeof words === 'function') return said(Reflect.apply(words, undefined, [given]), given)
  if (typeof words !== 'object' || words === null) return []
  return Object.values(words).flatMap((part) => said(part, given))
}

for (const [tag, words] of Object.entries({ en, de, ar })) {
  void t.test(`${tag}: the name of the service is the operator's, everywhere`, async (t) => {
    const own = said(words, 5).filter((text) => text.includes(OWN_NAME))
    t.ok(own.length > 10, 'the words name the service')
    const ours = said(named(words, 'Acme'), 5)
    t.same(
      ours.filter((text) => text.includes(OWN_NAME)),
      [],
    )
    t.equal(ours.filter((text) => text.includes('Acme')).length, own.length)
    t.equal(ours.length, said(words, 5).length, 'and nothing else is lost')
  })

  void t.test(`${tag}: what a sentence is given stays as it is`, async (t) => {
    const { footer, consent, errorDetails } = named(words, 'Acme')
    t.match(plain(footer.usedBy('Signet Notes')), /Signet Notes/)
    t.match(plain(footer.usedBy('Signet Notes')), /Acme/)
    t.match(plain(footer.usedBy('Signet')), /Signet/)
    t.same(consent.title({ markup: 1 }), words.consent.title({ markup: 1 }))
    const at = new Date('2026-11-21T14:03:22Z')
    t.equal(errorDetails.when(at), words.errorDetails.when(at))
  })
}

void t.test('a name is text, whatever it looks like', async (t) => {
  for (const name of ['$&', '$1$$', '<b>R&D</b>', 'SignetSignet', '.*', 'مؤسسة'])
    t.equal(named(en, name).setup.title, `Set up ${name}`)
})
