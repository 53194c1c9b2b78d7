import t from 'tap'
import { readSessionTokens, writeSessionTokens } from './cookies.ts'

const token = (letter: string) => letter.repeat(43)
const [a, b, c, d, e, f] = ['a', 'b', '_', '-', 'Z', '9'].map(token)
const nobody = { active: undefined, others: [] }

void t.test('the session cookie is read as it was written', async (t) => {
  for (const tokens of [
    { active: a, others: [] },
    { active: a, others: [b] },
    { active: a, others: [b, c, d, e] },
    { active: undefined, others: [b] },
    { active: undefined, others: [b, c, d, e] },
  ].map(({ active, others }) => ({ active, others: others.filter((one) => one !== undefined) }))) {
    const written = writeSessionTokens(tokens) ?? ''
    t.same(readSessionTokens(written), tokens, written)
    t.match(written, /^[\w.-]+$/, 'nothing that a cookie would escape')
  }
  t.equal(writeSessionTokens(nobody), undefined, 'nothing to hold is no cookie')
})

const rubbish: readonly (readonly [string, string | undefined])[] = [
  ['none', undefined],
  ['empty', ''],
  ['a dot', '.'],
  ['two dots', '..'],
  ['too short', 'a'.repeat(42)],
  ['too long', 'a'.repeat(44)],
  ['a dot after the last', `${a}.`],
  ['an empty one in the middle', `${a}..${b}`],
  ['two dots before the first', `..${b}`],
  ['six', [a, b, c, d, e, f].join('.')],
  ['five beside nobody', `.${[a, b, c, d, e].join('.')}`],
  ['one of them too short', `${a}.${'b'.repeat(42)}`],
  ['one twice', `${a}.${a}`],
  ['one twice beside nobody', `.${b}.${b}`],
  ['a space', `${a}. ${b}`],
  ['a line end', `${a}\n`],
  ['a comma', `${a},${b}`],
  ['padding of base64', `${'a'.repeat(42)}=`],
  ['letters of another script', 'ä'.repeat(43)],
  ['very long', `${a}.`.repeat(10_000)],
]
for (const [name, cookie] of rubbish)
  void t.test(`${name}: no cookie at all`, async (t) => t.same(readSessionTokens(cookie), nobody))
