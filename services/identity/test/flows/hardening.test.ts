import t, { type Test } from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord, send, sendRaw } from '../helpers/wire.ts'
import { ada, asker, judge, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** Refused or answered, but never our fault, and nothing of the inside shown (ASVS 16.5.1). */
function sound(t: Test, answer: Answer, what: string): void {
  t.ok(answer.status < 500, `${what}: ${answer.status}`)
  t.notMatch(
    answer.body,
    /\bat .*\.[jt]sx?:\d+|node_modules|drizzle|SELECT |ECONN|TypeError/i,
    what,
  )
  const location = answer.headers.get('location') ?? ''
  t.ok(location.length < 12_000, `${what}: leads to no address too long to be asked for`)
  t.notOk(answer.headers.has('x-powered-by'), 'ASVS 13.4.6')
  t.notMatch(answer.headers.get('server') ?? '', /fastify|node/i)
}

async function pages(): Promise<[string, Answer][]> {
  const browser = new Browser(identity.issuer)
  const login = await browser.open((await rp.request()).url)
  const wrong = await browser.signIn(login, { ...ada, password: 'wrong' })
  const asking = new RelyingParty(provider, asker)
  const consent = await browser.authorize((await asking.request()).url, { person: ada })
  const select = await browser.open((await rp.request({ prompt: 'select_account' })).url)
  const posted = await rp.request({ prompt: 'none', response_mode: 'form_post' })
  const end = String((await provider.metadata())['end_session_endpoint'])
  return [
    ['sign-in', login],
    ['sign-in, wrong password', wrong],
    ['consent', consent.answer],
    ['account picker', select],
    ['form_post', await browser.open(posted.url)],
    ['sign-out question', await browser.open(end)],
    ['unknown client', await browser.open((await rp.request({ client_id: 'x' })).url)],
    ['bad tx', await browser.open('/login?tx=x')],
    ['forbidden form', await browser.post(login.url, { ...ada, csrf: 'x' })],
    ['home', await browser.open('/')],
    ['not found', await browser.open('/no/such/page', { accept: 'text/html' })],
  ]
}

void t.test('every page, error pages too, has the whole set of headers (ASVS 3.4)', async (t) => {
  for (const [name, answer] of await pages()) {
    sound(t, answer, name)
    if (!answer.headers.get('content-type')?.startsWith('text/html')) {
      t.equal(name, 'not found', `${name} is a page`)
      continue
    }
    t.match(answer.headers.get('content-type'), /charset=utf-8/i, `${name}: charset`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    for (const wanted of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
      t.match(policy, wanted, `${name}: ${wanted}`)
    t.notMatch(
      policy,
      /unsafe-inline|unsafe-eval|script-src[^;]*(\*|http:|data:)/,
      `${name}: strict`,
    )
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff', name)
    t.equal(answer.headers.get('referrer-policy'), 'no-referrer', name)
    t.match(answer.headers.get('cache-control'), /no-store/, name)
    t.equal(answer.headers.get('access-control-allow-origin'), null, `${name}: no CORS`)
    t.notMatch(
      answer.body,
      /<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|style="/,
      `${name}: nothing inline`,
    )
    t.notMatch(answer.body, /<iframe|https?:\/\/[^"']*\.(js|css)/, `${name}: nothing foreign`)
  }
})

void t.test('cookies: HttpOnly, SameSite, Path, no Domain, at most 4 kB (ASVS 3.3)', async (t) => {
  const browser = new Browser(identity.issuer)
  const lines: string[] = []
  const request = await rp.request({ state: 's'.repeat(500), nonce: 'n'.repeat(500) })
  const opened = await browser.get(request.url)
  const login = await browser.follow(opened)
  const before = await browser.post(login.url, { ...ada, csrf: csrfOf(login) })
  for (const answer of [opened, login, before]) lines.push(...answer.headers.getSetCookie())
  t.ok(lines.length > 0)
  for (const line of lines) {
    t.match(line, /;\s*httponly/i, line.slice(0, 40))
    t.match(line, /;\s*samesite=(lax|strict)/i)
    t.match(line, /;\s*path=\//i)
    t.notMatch(line, /;\s*domain=/i)
    t.ok(line.length <= 4096)
    t.notMatch(line, ada.email, 'nothing of the person in it')
  }
})

void t.test('health tells nothing and needs nobody', async (t) => {
  for (const path of ['/health/live', '/health/ready']) {
    const answer = await send(identity.issuer + path)
    t.equal(answer.status, 200, path)
    sound(t, answer, path)
    t.notMatch(answer.body, /postgres|pglite|version|\d+\.\d+\.\d+/i)
  }
})

void t.test('JSON answers are not to be sniffed', async (t) => {
  for (const name of ['jwks_uri', 'userinfo_endpoint']) {
    const answer = await send(await provider.endpoint(name))
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff', name)
  }
  const answer = await provider.token({ grant_type: 'x' }, judge.authentication)
  t.equal(answer.headers.get('x-content-type-options'), 'nosniff')
})

const paths = [
  '/authorize',
  '/login',
  '/consent',
  '/logout',
  '/token',
  '/userinfo',
  '/introspect',
  '/revoke',
  '/setup',
  '/',
]

async function allPaths(): Promise<string[]> {
  const metadata = await provider.metadata()
  const named = Object.entries(metadata)
    .filter(([name, value]) => /_endpoint$|_uri$/.test(name) && typeof value === 'string')
    .map(([, value]) => new URL(String(value)).pathname)
  return [...new Set([...paths, ...named])]
}

const queries = [
  '?%',
  '?%zz=1',
  '?a=%',
  '?a=%ff%fe',
  '?a=%00',
  '?%00=1',
  '?__proto__=1',
  '?__proto__[polluted]=1',
  '?constructor[prototype][polluted]=1',
  '?client_id[]=judge',
  '?client_id[a]=judge',
  '?client_id=judge&client_id[]=x',
  '?' + 'a=1&'.repeat(3000),
  `?${'x'.repeat(7000)}`,
  '?&&&===&',
  '?client_id=%F0%9F%98%80&redirect_uri=%F0%9F%98%80',
  '?tx=' + '%41'.repeat(2000),
]

void t.test('hostile queries at every path', async (t) => {
  for (const path of await allPaths())
    for (const query of queries)
      sound(t, await sendRaw(identity.issuer, path + query), `GET ${path}${query.slice(0, 30)}`)
})

const bodies = [
  '',
  '%',
  'a=%zz',
  'a=%00&b=\0',
  '\0\0\0',
  '__proto__=1&constructor=1&toString=1&hasOwnProperty=1&valueOf=1',
  '__proto__[polluted]=1&constructor[prototype][polluted]=1',
  'grant_type[]=client_credentials',
  'grant_type=client_credentials&grant_type=refresh_token',
  'a=1&'.repeat(5000),
  `grant_type=${'x'.repeat(60_000)}`,
  '{"a":',
  '[]',
  'null',
  '{"__proto__":{"polluted":true}}',
  '\ufeffgrant_type=client_credentials',
  'grant_type=client_credentials;scope=openid',
]
const types = [
  form['content-type'],
  'application/json',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded; charset=utf-7',
  'application/json; charset=x',
  'a/b/c',
  ';',
]

void t.test('hostile bodies of every type at every path', async (t) => {
  for (const path of await allPaths())
    for (const [index, body] of bodies.entries())
      for (const type of index < 3 ? types : types.slice(0, 2)) {
        const answer = await sendRaw(identity.issuer, path, {
          method: 'POST',
          headers: { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) },
          body,
        })
        sound(t, answer, `POST ${path} ${type} ${JSON.stringify(body.slice(0, 20))}`)
      }
  t.notOk('polluted' in {}, 'no prototype is touched (ASVS 15.3.6)')
})

void t.test('a body of 5 MB is refused, not read to the end (invariant 13)', async (t) => {
  for (const path of await allPaths()) {
    const answer = await sendRaw(identity.issuer, path, {
      method: 'POST',
      headers: form,
      body: Buffer.alloc(5_000_000, 'a'),
    }).catch((error: unknown) => error)
    if (isRecord(answer) && 'status' in answer)
      t.match(String(answer['status']), /^4(00|0[345]|13|15)$/, path)
    else t.match(answer, { code: /EPIPE|ECONNRESET/ }, path)
  }
})

void t.test('strange methods', async (t) => {
  for (const path of await allPaths())
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND', 'MKCOL']) {
      const answer = await sendRaw(identity.issuer, path, { method })
      sound(t, answer, `${method} ${path}`)
      if (method !== 'OPTIONS') t.ok(answer.status >= 400, `${method} ${path} does nothing`)
    }
})

const headers: readonly Record<string, string | string[]>[] = [
  { cookie: 'a'.repeat(8000) },
  { cookie: Array.from({ length: 300 }, (_, i) => `c${i}=v`).join('; ') },
  { cookie: '__proto__=x; constructor=y; =z; ;;; a=%zz; b="' },
  { cookie: ['a=1', 'a=2'] },
  { authorization: `Bearer ${'x'.repeat(7000)}` },
  { authorization: `Basic ${'x'.repeat(7000)}` },
  { 'accept-language': `${'x-'.repeat(1000)}y;q=9` },
  { 'accept-language': '../../etc/passwd,__proto__;q=1' },
  { accept: '*/*;q=x' },
  { origin: 'null' },
  { origin: 'javascript:alert(1)' },
  { host: 'evil.test\\@localhost' },
  { 'if-none-match': '*'.repeat(1000) },
  { 'content-length': '-1' },
  { 'transfer-encoding': 'nonsense' },
  { range: 'bytes=0-0,5-9' },
  { expect: 'nonsense' },
]

void t.test('hostile headers at every path', async (t) => {
  for (const path of await allPaths())
    for (const header of headers) {
      const answer = await sendRaw(identity.issuer, path, { headers: header })
      sound(t, answer, `GET ${path} ${JSON.stringify(header).slice(0, 40)}`)
    }
})

void t.test('headers of 40 kB are refused before anything is parsed', async (t) => {
  const answer = await sendRaw(identity.issuer, '/authorize', {
    headers: { cookie: 'a'.repeat(40_000) },
  })
  t.equal(answer.status, 431)
})

for (const path of [
  '/../../etc/passwd',
  '/assets/../../package.json',
  '/assets/..%2f..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/assets/%00',
  '/.git/config',
  '/.env',
  '/.data/identity',
  '/package.json',
  '//evil.test/',
  '/\\evil.test',
  '/%',
  '/%zz',
  '/%ff',
  '/login/%00',
  '/login/',
  '/LOGIN',
  '/authorize/',
  '/token;x=1',
  `/${'a/'.repeat(3000)}`,
])
  void t.test(`path ${path.slice(0, 40)} gives nothing away (ASVS 13.4)`, async (t) => {
    const answer = await sendRaw(identity.issuer, path)
    sound(t, answer, path)
    t.notMatch(answer.body, /root:|"dependencies"|\[core\]/)
    t.notMatch(
      answer.headers.get('location') ?? '',
      /^(\/\/|\\|https?:\/\/evil)/,
      'no open redirect',
    )
  })

void t.test('afterwards it still signs people in', async (t) => {
  const { tokens } = await rp.signIn(new Browser(identity.issuer))
  t.ok(tokens.accessToken)
})

function csrfOf(page: Answer): string {
  return (
    /name="csrf"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="csrf"/.exec(page.body)?.[1] ?? ''
  )
}
