import t from 'tap'
import { SUPPORTED_CLAIMS, claimsOfScopes, userClaims } from './claims.ts'
import { parseEmail } from './email.ts'

/** In ASCII: test output is read line by line, and U+2028 ends one. */
const shown = (text: string) => JSON.stringify(encodeURI(text.toWellFormed()))

void t.test('plain mailboxes, in the one form that is stored', async (t) => {
  const forms: [string, string][] = [
    ['ada@example.test', 'ada@example.test'],
    ['  Ada@Example.TEST \n', 'ada@example.test'],
    ['ADA+tag@sub.example.test', 'ada+tag@sub.example.test'],
    ["o'neil!#$%&*+/=?^_`{|}~-@example.test", "o'neil!#$%&*+/=?^_`{|}~-@example.test"],
    ['a.b.c@x-y.example.test', 'a.b.c@x-y.example.test'],
    ['用户@例子.测试', '用户@例子.测试'],
    ['JÜRGEN@Bücher.test', 'jürgen@bücher.test'],
    // NFKC: what looks and types the same is the same account.
    ['ａｄａ＠ｅｘａｍｐｌｅ．ｔｅｓｔ', 'ada@example.test'],
    ['u\u0308ber@example.test', 'über@example.test'],
    ['\u212aelvin@example.test', 'kelvin@example.test'],
    ['o\ufb03ce@example.test', 'office@example.test'],
  ]
  for (const [input, stored] of forms) t.equal(parseEmail(input), stored, shown(input))
})

void t.test('hostile and broken addresses are refused', async (t) => {
  for (const input of [
    '',
    ' ',
    '@',
    'ada',
    'ada@',
    '@example.test',
    'ada@example',
    'ada@@example.test',
    'ada@example@evil.test',
    '"ada@evil.test"@example.test',
    '"ada"@example.test',
    'ada(comment)@example.test',
    'Ada <ada@example.test>',
    '<ada@example.test>',
    'ada@example.test,eve@evil.test',
    'ada@example.test;eve@evil.test',
    'ada@example.test eve@evil.test',
    'ada,eve@example.test',
    'ada @example.test',
    'ada@ example.test',
    'ada\u00a0b@example.test',
    '.ada@example.test',
    'ada.@example.test',
    'a..b@example.test',
    'ada@.example.test',
    'ada@example.test.',
    'ada@example..test',
    'ada@-example.test',
    'ada@example-.test',
    'ada@exa_mple.test',
    'ada@[127.0.0.1]',
    'ada@[IPv6:::1]',
    'ada@example.test/path',
    'ada@example.test:25',
    'ada@example.test\0',
    'ada\0@example.test',
    'ada\\@example.test',
    'ada%0d%0abcc:eve@evil.test\r\n@example.test',
    'ada\u200b@example.test',
    'ada\u202etset.elpmaxe@example.test',
    'a\u0300\u0301da@example.test',
    'ada@exam\u00adple.test',
    'jurgen\u0308@example.test',
    '\ud800@example.test',
    '🦊@example.test',
    'ada\ufdfa@example.test',
  ])
    t.equal(parseEmail(input), undefined, shown(input))
})

void t.test('no header can be injected: a line break never passes', async (t) => {
  const breaks = ['\r\n', '\n', '\r', '\u0085', '\u2028', '\u2029', '\v', '\f', '%0a']
  for (const lineBreak of breaks) {
    for (const input of [
      `ada${lineBreak}Bcc: eve@evil.test`,
      `ada@example.test${lineBreak}Bcc: eve@evil.test`,
      `ada@example.test${lineBreak}bcc:eve`,
      `a${lineBreak}da@example.test`,
    ]) {
      const stored = parseEmail(input)
      t.ok(stored === undefined || !/[\s:]/.test(stored), shown(input))
    }
    t.notMatch(parseEmail(`ada@example.test${lineBreak}`) ?? '', /[\r\n\u0085\u2028\u2029]/)
  }
})

void t.test('lengths of RFC 5321 §4.5.3.1', async (t) => {
  const label = 'd'.repeat(63)
  t.ok(parseEmail(`${'a'.repeat(64)}@example.test`))
  t.equal(parseEmail(`${'a'.repeat(65)}@example.test`), undefined)
  t.ok(parseEmail(`a@${label}.test`))
  t.equal(parseEmail(`a@d${label}.test`), undefined)
  const longest = `${'a'.repeat(60)}@${label}.${label}.${label}.c`
  t.equal(longest.length, 254)
  t.equal(parseEmail(longest), longest)
  t.equal(parseEmail(`${longest}c`), undefined)
  t.equal(parseEmail(`${' '.repeat(400)}ada@example.test`), undefined, 'bounded before trimming')
  // One character that normalises to eighteen: the bound is on the result as well.
  t.equal(parseEmail(`${'\ufdfa'.repeat(100)}@example.test`), undefined)
})

void t.test('the stored form of the stored form is itself, for every character', async (t) => {
  let accepted = 0
  for (let code = 0; code <= 0x1_ffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const character = String.fromCodePoint(code)
    const stored = parseEmail(`a${character}z@a${character}z.test`)
    if (stored === undefined) continue
    accepted += 1
    if (parseEmail(stored) !== stored) t.fail(`U+${code.toString(16)}`)
    if (/[\s<>"(),:;[\]\\]/.test(stored) || stored.split('@').length !== 2)
      t.fail(`U+${code.toString(16)} ${stored}`)
  }
  t.ok(accepted > 50_000)
})

const source = {
  email: 'ada@example.test',
  emailVerified: false,
  claims: {},
  updatedAt: new Date(1_700_000_000_999),
}

void t.test('claims by scope, OIDC Core 1.0 §5.4', async (t) => {
  t.same(claimsOfScopes(['email', 'phone']), [
    'email',
    'email_verified',
    'phone_number',
    'phone_number_verified',
  ])
  t.same(claimsOfScopes(['openid', 'offline_access', 'notes:read', '']), [])
  t.same(claimsOfScopes(['constructor', '__proto__', 'toString', 'valueOf']), [], 'no inheritance')
})

void t.test('claims: what is unknown is left out, never null', async (t) => {
  t.same(userClaims(source, SUPPORTED_CLAIMS), {
    email: 'ada@example.test',
    email_verified: false,
    updated_at: 1_700_000_000,
  })
  t.same(userClaims(source, []), {})
  t.same(userClaims(source, ['address', 'phone_number', 'name']), {})
})

void t.test('claims: nothing beyond the standard ones, whatever is asked or stored', async (t) => {
  const asked = ['sub', 'roles', 'password', 'constructor', '__proto__', 'id', 'iss', 'is_admin']
  const stored = { ...source, claims: { ...{ sub: 'eve', is_admin: true }, nickname: 'A' } }
  const got = userClaims(stored, [...asked, 'nickname', 'nickname'])
  t.same(got, { nickname: 'A' })
  t.equal(Object.getPrototypeOf(got), Object.prototype)
})

void t.test('claims: the account decides on e-mail, not the profile', async (t) => {
  const claims: object = { email: 'eve@evil.test', email_verified: true, updated_at: 1 }
  const got = userClaims({ ...source, claims }, SUPPORTED_CLAIMS)
  t.match(got, { email: 'ada@example.test', email_verified: false, updated_at: 1_700_000_000 })
})

void t.test('claims: a name is made of its parts only where none is given', async (t) => {
  const name = (claims: object) => userClaims({ ...source, claims }, ['name'])['name']
  t.equal(name({ given_name: 'Ada', family_name: 'Lovelace' }), 'Ada Lovelace')
  t.equal(name({ family_name: 'Lovelace' }), 'Lovelace')
  t.equal(name({ given_name: 'Ada', name: 'A. L.' }), 'A. L.')
  t.equal(name({ middle_name: 'King' }), undefined)
})
