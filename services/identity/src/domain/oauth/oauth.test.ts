import { createHash } from 'node:crypto'
import t from 'tap'
import { OAuthError } from './error.ts'
import { malformation, printable, single, toParameters, tooLarge } from './parameters.ts'
import { isCodeChallenge, verifierMatches } from './pkce.ts'
import { parsePrompt } from './prompt.ts'
import { isLoopbackHost, matchRedirectUri, redirectUriFault } from './redirect-uri.ts'
import { isOpenIdScope, parseScope, permissionsOf, scopesFor } from './scope.ts'

/** The same numbers on every run, so that a failure can be run again. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const registered = [
  'https://app.example.test/cb',
  'https://app.example.test:8443/a/b?x=1&y=2',
  'https://app.example.test/Case/%2F/path/',
  'com.example.app:/oauth/callback',
  'http://localhost:8765/cb',
]
const loopback = ['http://127.0.0.1/cb', 'http://[::1]:1234/cb?x=1']

const spice = [
  ...['/', '//', '\\', '.', '..', '/../', '%2e', '%2F', '%00', '\0', '\n', '\r\n', '\t', ' ', '#'],
  ...['#f', '?', '&', '&x=1', '?x=1', '@', '@evil.test', ':443', ':80', ':', ';', ',', '*', 'é'],
  ...[
    '。',
    '\u200b',
    '\u2028',
    'K',
    'İ',
    '[',
    ']',
    '%',
    '%25',
    '+',
    'evil.test',
    '.evil.test',
    'x',
  ],
]

void t.test('redirect URIs match by string equality, whatever is done to them', async (t) => {
  const random = seeded(7)
  let tried = 0
  for (const uri of registered)
    for (let round = 0; round < 1500; round += 1) {
      const at = random(uri.length + 1)
      const extra = spice[random(spice.length)] ?? ''
      const cut = random(3)
      let asked = uri.slice(0, at) + (cut === 1 ? '' : extra) + uri.slice(at + Math.min(cut, 1))
      if (random(5) === 0) asked = asked.toUpperCase()
      if (random(9) === 0) asked = asked.replace('https', 'http')
      if (random(9) === 0) asked = encodeURI(asked)
      const expected = registered.includes(asked) ? asked : undefined
      const got = matchRedirectUri(registered, asked)
      tried += 1
      if (got !== expected) t.fail(encodeURI(asked))
    }
  t.equal(tried, 7500)
  for (const uri of registered) t.equal(matchRedirectUri(registered, uri), uri)
  t.equal(matchRedirectUri([], registered[0] ?? ''), undefined)
})

void t.test('the port of a loopback literal is free, and nothing else of it', async (t) => {
  for (const asked of [
    'http://127.0.0.1/cb',
    'http://127.0.0.1:1/cb',
    'http://127.0.0.1:65535/cb',
    'http://[::1]:50000/cb?x=1',
    'http://[::1]/cb?x=1',
  ])
    t.equal(matchRedirectUri(loopback, asked), asked)
  for (const asked of [
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:999999/cb',
    'http://127.0.0.1:-1/cb',
    'http://127.0.0.1:+1/cb',
    'http://127.0.0.1:1e3/cb',
    'http://127.0.0.1: 80/cb',
    'http://127.0.0.1:80:80/cb',
    'http://127.0.0.1:80@evil.test/cb',
    'http://127.0.0.1@evil.test/cb',
    'http://user@127.0.0.1:80/cb',
    'http://127.0.0.1.evil.test/cb',
    'http://127.0.0.1evil.test:80/cb',
    'http://127.0.0.1:80/cb/',
    'http://127.0.0.1:80/cb?x',
    'http://127.0.0.1:80/cb#',
    'http://127.0.0.1:80/CB',
    'http://127.0.0.1:80/%63b',
    'http://127.0.0.1:80',
    'http://127.0.0.1:80/cb\n',
    'http://127.0.0.1:80/cb\u2028',
    'http://127.0.0.1:80\\@evil.test/cb',
    'http://127.0.0.2:80/cb',
    'http://127.1:80/cb',
    'http://2130706433/cb',
    'http://0x7f.0.0.1/cb',
    'http://localhost:80/cb',
    'http://0.0.0.0/cb',
    'http://[::1]:80/cb',
    'http://[0:0:0:0:0:0:0:1]:80/cb?x=1',
    'http://[::ffff:127.0.0.1]/cb',
    'https://127.0.0.1:80/cb',
    'HTTP://127.0.0.1:80/cb',
    'http:127.0.0.1/cb',
  ])
    t.equal(matchRedirectUri(loopback, asked), undefined, encodeURI(asked))
})

void t.test('a registered localhost keeps its port: only literals are free', async (t) => {
  const known = ['http://localhost:8765/cb', 'https://127.0.0.1/cb']
  for (const asked of ['http://localhost/cb', 'http://localhost:8766/cb', 'https://127.0.0.1:1/cb'])
    t.equal(matchRedirectUri(known, asked), undefined, asked)
})

void t.test('what may be registered as a redirect URI', async (t) => {
  for (const uri of [
    'https://app.example.test/cb',
    'https://app.example.test',
    'https://app.example.test:8443/cb?tenant=1',
    'https://xn--bcher-kva.test/cb',
    'https://10.0.0.1/cb',
    'http://localhost:3000/cb',
    'http://app.localhost/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:80/cb',
    'com.example.app:/cb',
    'com.example.app://host/cb',
  ])
    t.equal(redirectUriFault(uri), undefined, uri)
})

void t.test('what may not be registered as a redirect URI, and why', async (t) => {
  const faults: [string, RegExp][] = [
    ['', /not an absolute URI/],
    ['/cb', /not an absolute URI/],
    ['//app.example.test/cb', /not an absolute URI/],
    ['app.example.test/cb', /not an absolute URI/],
    ['https://', /not an absolute URI/],
    // A browser resolves these against the page it is on: the code would go to another place.
    ['https:app.example.test/cb', /not an absolute URI/],
    ['https:/app.example.test/cb', /not an absolute URI/],
    ['https:///app.example.test/cb', /not an absolute URI/],
    ['http:localhost/cb', /not an absolute URI/],
    ['https://app.example.test/cb#', /fragment/],
    ['https://app.example.test/cb#x', /fragment/],
    ['https://*.example.test/cb', /wildcard/],
    ['https://app.example.test/*', /wildcard/],
    [' https://app.example.test/cb', /spaces/],
    ['https://app.example.test/cb ', /spaces/],
    ['https://app.example.test/a b', /spaces/],
    ['https://app.example.test/\ncb', /spaces/],
    ['https://app.example.test\\cb', /backslashes/],
    ['https://app.example.test/\u0000', /control/],
    ['https://app.example.test/\u007f', /control/],
    // RFC 3986 §2: a URI is ASCII, and so is the Location header.
    ['https://bücher.test/cb', /ASCII/],
    ['https://app.example.test/日本', /ASCII/],
    ['https://app.example.test/\u00a0', /ASCII|spaces/],
    ['https://user@app.example.test/cb', /user name/],
    ['https://:pw@app.example.test/cb', /user name/],
    ['http://app.example.test/cb', /loopback/],
    ['http://localhost.example.test/cb', /loopback/],
    ['http://127.0.0.1.example.test/cb', /loopback/],
    ['http://192.168.0.1/cb', /loopback/],
    ['javascript:alert(1)', /app scheme with a dot/],
    ['JavaScript:alert(1)', /app scheme with a dot/],
    ['data:text/html,x', /app scheme with a dot/],
    ['file:///etc/passwd', /app scheme with a dot/],
    ['myapp:/cb', /app scheme with a dot/],
    ['about:blank', /app scheme with a dot/],
  ]
  for (const [uri, reason] of faults) {
    const fault = redirectUriFault(uri)
    t.ok(fault !== undefined && reason.test(fault), `${JSON.stringify(uri)}: ${fault}`)
  }
})

void t.test('loopback hosts, and names that only look like them', async (t) => {
  for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.255.0.9', '[::1]'])
    t.ok(isLoopbackHost(host), host)
  for (const host of [
    '',
    'LOCALHOST.',
    'notlocalhost',
    'localhost.test',
    '127.0.0.1.test',
    '127.0.0',
    '128.0.0.1',
    '1127.0.0.1',
    '127.0.0.1\n',
    '::1',
    '[::2]',
    '0.0.0.0',
  ])
    t.notOk(isLoopbackHost(host), host)
})

void t.test(
  'PKCE: the example of RFC 7636 appendix B, and every letter of it counts',
  async (t) => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    t.ok(isCodeChallenge(challenge))
    t.ok(verifierMatches(verifier, challenge))
    for (let index = 0; index < 43; index += 1) {
      const letter = verifier[index] === 'x' ? 'y' : 'x'
      const other = verifier.slice(0, index) + letter + verifier.slice(index + 1)
      if (verifierMatches(other, challenge)) t.fail(`letter ${index}`)
    }
    for (const wrong of [
      '',
      challenge,
      verifier.slice(1),
      `${verifier}A`,
      `${verifier}=`,
      `${verifier}\n`,
      ` ${verifier}`,
      verifier.toLowerCase(),
    ])
      t.notOk(verifierMatches(wrong, challenge), wrong)
    t.notOk(verifierMatches(verifier, verifier), 'plain is never believed')
  },
)

void t.test('PKCE: 43 to 128 unreserved characters (RFC 7636 §4.1)', async (t) => {
  const s256 = (text: string) => createHash('sha256').update(text).digest('base64url')
  for (const good of ['a'.repeat(43), '~'.repeat(128), '-._~'.repeat(20)])
    t.ok(verifierMatches(good, s256(good)), good)
  for (const bad of [
    'a'.repeat(42),
    'a'.repeat(129),
    '+'.repeat(43),
    ' '.repeat(43),
    'ä'.repeat(43),
  ])
    t.notOk(verifierMatches(bad, s256(bad)), bad)
  for (const bad of [
    '',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}=`,
    `${'a'.repeat(43)}\n`,
  ])
    t.notOk(isCodeChallenge(bad), bad)
})

void t.test('prompt', async (t) => {
  const good: [string | undefined, string[]][] = [
    [undefined, []],
    ['', []],
    ['none', ['none']],
    ['login', ['login']],
    ['login consent', ['login', 'consent']],
    [' select_account  login ', ['select_account', 'login']],
    ['login login', ['login']],
  ]
  for (const [text, expected] of good) t.same(new Set(expected), parsePrompt(text), text ?? 'unset')
  for (const text of ['none login', 'login none', 'none consent select_account'])
    t.match(parsePrompt(text), /stands alone/, text)
  for (const text of ['None', 'LOGIN', 'create', 'login,consent', 'login\tconsent', 'x', 'nöne'])
    t.match(parsePrompt(text), /not supported/, text)
})

void t.test('scope: tokens once, in order; other characters are refused', async (t) => {
  t.same(parseScope(undefined), [])
  t.same(parseScope('  '), [])
  t.same(parseScope('b a  b'), ['b', 'a'])
  t.same(parseScope('a:b/c#d!'), ['a:b/c#d!'])
  for (const text of ['a"b', 'a\\b', 'a\tb', 'a\nb', 'é', 'a\0', '\u00a0', '\x7f'])
    t.equal(parseScope(`openid ${text}`), undefined, JSON.stringify(text))
  for (const name of ['Openid', 'constructor', '__proto__', 'openid ', ''])
    t.notOk(isOpenIdScope(name), name)
})

void t.test('permissions name the API, so one scope name of two APIs stays two', async (t) => {
  const a = { identifier: 'https://a.test', name: 'A', scopes: { read: 'Read', write: 'Write' } }
  const b = { identifier: 'https://b.test', name: 'B', scopes: { read: 'Read' } }
  t.same(permissionsOf(['openid', 'read', 'write', 'unknown', 'toString'], [a, b]), [
    'openid',
    'https://a.test read',
    'https://b.test read',
    'https://a.test write',
  ])
  t.same(permissionsOf(['read'], []), [])
  t.same(scopesFor(['openid', 'read', 'write', 'toString', 'x'], b), ['openid', 'read'])
  t.same(scopesFor(['openid', 'read'], undefined), ['openid'])
})

void t.test('parameters: empty ones are left out, repeated ones are found', async (t) => {
  for (const source of [undefined, null, 'a=b', 7, [], {}]) t.equal(toParameters(source).size, 0)
  const got = toParameters({ a: 'x', b: ['', 'y'], c: ['', ''], d: '', e: { f: 'g' }, g: [['h']] })
  t.same(
    [...got],
    [
      ['a', ['x']],
      ['b', ['y']],
    ],
  )
  t.equal(single(got, 'a'), 'x')
  t.equal(single(got, 'constructor'), undefined)
  t.equal(malformation(got), undefined)
  t.equal(malformation(toParameters({ resource: ['a', 'b'] })), undefined, 'RFC 8707 §2')
  t.match(malformation(toParameters({ scope: ['a', 'a'] })), /scope is repeated/)
  t.match(malformation(toParameters({ state: 'a\0b' })), /not text/)
  t.match(malformation(toParameters({ state: 'a\ud800b' })), /not text/)
  const hostile = malformation(toParameters({ '"<\n>\\é': ['a', 'b'] })) ?? ''
  t.equal(hostile, '?<?>?? is repeated')
  t.ok((malformation(toParameters({ ['n'.repeat(9000)]: ['a', 'b'] })) ?? '').length < 200)
})

void t.test('parameters: size is counted as they travel on, sealed, names included', async (t) => {
  t.notOk(tooLarge(toParameters({ state: 'x'.repeat(8185) })))
  t.ok(tooLarge(toParameters({ state: 'x'.repeat(8186) })))
  t.ok(tooLarge(toParameters({ state: '\u0001'.repeat(1400) })), 'six characters each')
  t.ok(tooLarge(toParameters({ resource: Array.from({ length: 600 }, () => 'https://a') })))
})

void t.test('an error shows its code and description, never why', async (t) => {
  const error = new OAuthError('invalid_client', 'no', {
    status: 401,
    why: { check: 'client_secret_wrong', advice: 'secret detail' },
  })
  t.same(JSON.parse(JSON.stringify(error)), { error: 'invalid_client', error_description: 'no' })
  t.notMatch(error.message, /secret detail/)
  t.equal(new OAuthError('invalid_request', 'x').status, 400)
  t.match(printable('tab\there'), 'tab?here')
})
