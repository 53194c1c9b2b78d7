import t from 'tap'
import { DEFAULT_SETTINGS } from '../settings/settings.ts'
import { isCommon } from './common-passwords.ts'
import { type PasswordFault, passwordFault, passwordRules } from './password-rules.ts'

const rules = { minimum: 15 }
const ada = ['ada.lovelace@example.test', 'Ada Lovelace', 'Signet', 'Quarterly Planner']

type Kind = PasswordFault['kind'] | 'good'
const kindOf = (password: string, personal = ada, minimum = 15): Kind =>
  passwordFault(password, personal, { minimum })?.kind ?? 'good'

void t.test('what is asked of a password', async (t) => {
  const cases: readonly (readonly [string, Kind])[] = [
    ['', 'missing'],
    ['k', 'short'],
    ['kq7 bx2 mz9 wt4'.slice(1), 'short'],
    ['kq7 bx2 mz9 wt4', 'good'],
    // Any characters, and none that has to be there.
    ['correct horse battery staple', 'good'],
    ['CORRECT HORSE BATTERY', 'good'],
    ['gänsefüßchen überm zaun', 'good'],
    ['الجمل يمشي على مهل', 'good'],
    ['猫が屋根の上で静かに昼寝をする', 'good'],
    ['🦊🐼🦉🐙🌵🍋🎈🚲🧭🪁🎻🧩🛶🪐🥁', 'good'],
    ['   spaces   are   fine   ', 'good'],
    ['948201758493027', 'good'],
    ['!?*~ $&/ ()= <>; _-', 'good'],
    ['the were poi rewind asdf house', 'good'],
    // Common, also in capitals and with something before or after it.
    ['passwordpassword', 'common'],
    ['password1234567', 'common'],
    ['Password1234567!', 'common'],
    ['PASSWORD!!!!!!!!', 'common'],
    ['iloveyou20252025', 'common'],
    ['sunshine 2024!!!', 'common'],
    ['***!!!monkey12345', 'common'],
    ['ｐａｓｓｗｏｒｄ1234567', 'common'],
    ['qwertyuiop123456', 'common'],
    ['letmeinletmeinletmein', 'common'],
    // Repetition, alphabets, keyboards.
    ['aaaaaaaaaaaaaaa', 'pattern'],
    ['                ', 'pattern'],
    ['🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊', 'pattern'],
    ['abababababababab', 'pattern'],
    ['xk2xk2xk2xk2xk2x', 'pattern'],
    ['aaaaabbbbbcccccd', 'pattern'],
    ['zzzzzzzzyyyyyyyyxxxxxxxxw', 'pattern'],
    ['abcdefghijklmnop', 'pattern'],
    ['ponmlkjihgfedcba', 'pattern'],
    ['абвгдежзийклмноп', 'pattern'],
    ['0123456789012345', 'pattern'],
    ['qwertzuiopasdfgh', 'pattern'],
    ['lkjhgfdsapoiuytr', 'pattern'],
    ['1qaz2wsx3edc4rfv5tgb', 'pattern'],
    ['1q2w3e4r5t6y7u8i9o', 'pattern'],
    ['abc123def456ghi789', 'pattern'],
    ['123456789-kx7-987654321', 'pattern'],
    // Oneself, the service, the application.
    ['ada.lovelace@example.test', 'personal'],
    ['Ada Lovelace!!', 'short'],
    ['AdaLovelace1815', 'personal'],
    ['lovelace-ada-x9k', 'personal'],
    ['ada12345678kq7bx', 'pattern'],
    ['SignetSignetSigne', 'pattern'],
    ['my-signet-planner', 'personal'],
    ['Quarterly Planner', 'personal'],
    ['signet lovelace 7', 'personal'],
    ['ada likes horses very much', 'good'],
    ['a planner for the year to come', 'good'],
  ]
  for (const [password, kind] of cases) t.equal(kindOf(password), kind, password)
  t.equal(new Set(cases.map(([, kind]) => kind)).size, 6, 'every fault but the longest one')
})

void t.test('length counts characters as people see them, after normalisation', async (t) => {
  const short = (password: string) => passwordFault(password, [], rules)
  t.same(short('kq7 bx2 mz9'), { kind: 'short', lacking: 4 })
  t.same(short('🦊🐼🦉🐙🌵🍋🎈'), { kind: 'short', lacking: 8 }, 'one character, two code units')
  t.same(short('u\u0308bungsplatz xk'), { kind: 'short', lacking: 1 }, 'composed before it counts')
})

void t.test('1,024 characters at most, whatever they take in memory', async (t) => {
  const many = (count: number, letters = 'kq7bx2mz9wt4 ') =>
    Array.from({ length: count }, (_, at) => Array.from(letters)[(at * at + at) % 13] ?? 'x').join(
      '',
    )
  t.equal(kindOf(many(1024)), 'good')
  t.same(passwordFault(many(1025), [], rules), { kind: 'long' })
  const pictures = '🦊🐼🦉🐙🌵🍋🎈🚲🧭🪁🎻🧩🛶'
  t.equal(many(1024, pictures).length, 2048)
  t.equal(kindOf(many(1024, pictures)), 'good')
  t.equal(kindOf(many(1025, pictures)), 'long')
  t.equal(kindOf('a'.repeat(60_000)), 'long', 'as much as a form may hold')
})

void t.test('the rules follow the settings (NIST SP 800-63B-4 §3.1.1.2)', async (t) => {
  t.same(passwordRules(DEFAULT_SETTINGS), { minimum: 15 })
  t.same(passwordRules({ ...DEFAULT_SETTINGS, mfa: 'required' }), { minimum: 8 })
  t.same(passwordRules({ ...DEFAULT_SETTINGS, mfa: 'by_role' }), { minimum: 15 })
  const set = { password_min_characters: 20, password_min_characters_with_second_factor: 10 }
  t.same(passwordRules({ ...DEFAULT_SETTINGS, ...set }), { minimum: 20 })
  t.same(passwordRules({ ...DEFAULT_SETTINGS, ...set, mfa: 'required' }), { minimum: 10 })
  t.equal(kindOf('kq7bx2mz', [], 8), 'good')
  t.equal(kindOf('trustno1', [], 8), 'common')
  t.equal(kindOf('football', [], 8), 'common')
})

void t.test('nothing personal is nothing to avoid', async (t) => {
  for (const personal of [[], [''], ['  ', '@', '.'], ['ab', 'x@y.z']])
    t.equal(kindOf('ab lovelace waltz quiz', personal), 'good')
  const one = 'kq7bx2mz9wt4vr8'
  t.equal(kindOf(one, [one]), 'personal')
  t.equal(kindOf(one, [one.toUpperCase()]), 'personal')
})

void t.test('common passwords: the list is there, and its cores', async (t) => {
  for (const text of ['123456', 'password', 'qwerty', 'letmein', 'dragon', 'p@ssw0rd'])
    t.ok(isCommon(text), text)
  for (const text of ['', '7', 'kq7bx2mz', 'correct horse battery staple', '___', '2024!!'])
    t.notOk(isCommon(text), text)
})

void t.test('phrases of words drawn by lot are let in', async (t) => {
  const words = (
    'amber anchor bridge cedar coral delta ember fjord garden hazel ivory lagoon marble nectar otter ' +
    'pebble quartz raven saffron thyme velvet walnut defend poison report higher stuff tree asphalt'
  ).split(' ')
  const refused: string[] = []
  for (let at = 0; at < 2000; at += 1) {
    const drawn = [1, 7, 11, 13].map(
      (step) => words[(at * step + step * step) % words.length] ?? '',
    )
    const phrase = drawn.join(at % 2 === 0 ? ' ' : '-')
    if (new Set(drawn).size === 4 && kindOf(phrase) !== 'good') refused.push(phrase)
  }
  t.same(refused, [])
})
