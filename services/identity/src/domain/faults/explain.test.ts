import t from 'tap'
import { explainGrantType, explainMethod, explainSecret } from './explain-client.ts'
import { explainScopes } from './explain-scope.ts'
import { explainExpiry, span } from './explain-time.ts'
import { explainAccessToken, explainIdTokenHint } from './explain-token.ts'
import { explainUri } from './explain-uri.ts'

const at = (text: string) => new Date(text)
const now = at('2026-11-21T12:00:00Z')

const registered = [
  'https://app.example.test/cb',
  'https://app.example.test/cb?tenant=a',
  'http://127.0.0.1/native',
  'http://localhost:8080/dev/',
]

function uri(asked: string, of: readonly string[] = registered, unregistrable?: string) {
  const parameter = 'redirect_uri'
  return explainUri({ parameter, clientId: 'app', registered: of, asked, unregistrable })
}

const differences: readonly (readonly [asked: string, nearest: string, words: RegExp])[] = [
  ['https://app.example.test/cb/', 'https://app.example.test/cb', /a slash at the end is too many/],
  ['http://localhost:8080/dev', 'http://localhost:8080/dev/', /slash at the end is missing/],
  ['http://app.example.test/cb', 'https://app.example.test/cb', /scheme is http instead of https/],
  ['https://App.example.test/cb', 'https://app.example.test/cb', /host is .* in other case/],
  ['https://app.example.test/CB', 'https://app.example.test/cb', /path is \/cb in other case/],
  [
    'https://app.example.test:8443/cb',
    'https://app.example.test/cb',
    /port is 8443 instead of the default/,
  ],
  [
    'http://localhost:3000/dev/',
    'http://localhost:8080/dev/',
    /only 127\.0\.0\.1 and \[::1\] may choose/,
  ],
  [
    'http://localhost/native',
    'http://127.0.0.1/native',
    /localhost instead of 127\.0\.0\.1, which are two/,
  ],
  ['https://me:hidden@app.example.test/cb', 'https://app.example.test/cb', /host is \(user\)@app/],
  ['https://www.app.example.test/cb', 'https://app.example.test/cb', /host is www\.app/],
  ['https://app.example.test/cb#top', 'https://app.example.test/cb', /it has a fragment/],
  [
    'https://app.example.test/other',
    'https://app.example.test/cb',
    /path is \/other instead of \/cb/,
  ],
  ['https://app.example.test', 'https://app.example.test/cb', /path is empty instead of \/cb/],
  [' https://app.example.test/cb', 'https://app.example.test/cb', /white space/],
  ['https%3A%2F%2Fapp.example.test%2Fcb', 'https://app.example.test/cb', /percent-encoded twice/],
  [
    'https://app.example.test/cb?tenant=b',
    'https://app.example.test/cb',
    /query \(\?tenant=…\) too many/,
  ],
]
for (const [asked, nearest, words] of differences)
  void t.test(`redirect_uri: ${asked}`, async (t) => {
    const why = uri(asked)
    t.equal(why.check, 'redirect_uri_not_registered')
    t.equal(why.expected?.redirect_uri, nearest)
    t.match(why.advice, words)
  })

void t.test('redirect_uri: the line to add is the one that came, for this client', async (t) => {
  const { change } = uri('http://localhost:3000/cb')
  t.equal(
    change,
    [
      'clients:',
      '  - client_id: "app"',
      '    redirect_uris:',
      '      - "http://localhost:3000/cb" # add this line',
    ].join('\n'),
  )
  t.match(uri('https://elsewhere.test/x').advice, /None of the registered ones is like it/)
  t.match(uri('https://elsewhere.test/x').advice, /if it is the application’s own/)
  t.match(uri('https://a.test', []).expected, { redirect_uri: '(none is registered)' })
})

void t.test(
  'redirect_uri: nothing to copy that is masked, or could not be registered',
  async (t) => {
    const leaking = uri('https://app.example.test/cb?code=4711&state=0815#access_token=x')
    t.equal(leaking.change, undefined)
    t.notMatch(JSON.stringify(leaking), /4711|0815|access_token/)
    t.match(leaking.received, { redirect_uri: 'https://app.example.test/cb?code=…&state=…#…' })
    const wrong = uri('javascript:alert(1)', registered, 'must be https')
    t.equal(wrong.change, undefined)
    t.match(wrong.advice, /could not be registered either: it must be https/)
    t.notMatch(uri('https://me:pass@app.example.test/cb').received?.redirect_uri, /pass/)
    for (const odd of ['', '/cb', 'not a uri', '\0', 'https://[', ':', '?', 'x'.repeat(100_000)])
      t.ok((uri(odd).advice ?? '').length < 2000, JSON.stringify(odd.slice(0, 20)))
  },
)

void t.test('redirect_uri: a line to copy is one value, whatever it holds', async (t) => {
  const { change = '' } = uri('https://a.test/"\n  - client_id: evil')
  t.equal(change.split('\n').filter((line) => line.includes('evil')).length <= 1, true)
  t.notMatch(change, /^ *- client_id: evil/m)
})

void t.test('scopes: the unknown, the forbidden, and the line to change', async (t) => {
  const known = ['openid', 'email', 'notes:read', 'notes:write']
  const ask = (asked: string) =>
    explainScopes({
      clientId: 'app',
      asked: asked.split(' '),
      allowed: ['openid', 'notes:read'],
      known,
    })
  const refused = ask('openid notes:write notes:wirte')
  t.match(refused, { check: 'scope_not_allowed', expected: { scope: 'openid notes:read' } })
  t.match(refused.advice, /Nobody here knows notes:wirte.*may not ask for notes:write\./)
  t.match(refused.change, '    scope: "openid notes:read notes:write"')
  t.match(ask('profil'), { check: 'scope_grants_nothing', advice: /Nobody here knows profil/ })
  t.equal(ask('profil').change, undefined)
})

void t.test('times: how long ago, in a unit that can be read', async (t) => {
  const ago = (seconds: number) => span(new Date(now.getTime() - seconds * 1000), now)
  t.same([0.5, 1, 61, 180, 86_400, 259_200].map(ago), [
    '0.5 seconds',
    '1 second',
    '61 seconds',
    '3 minutes',
    '24 hours',
    '3 days',
  ])
  const why = explainExpiry('code_expired', at('2026-11-21T11:59:18Z'), now)
  t.match(why, {
    check: 'code_expired',
    received: { expires_at: '2026-11-21T11:59:18.000Z', now: '2026-11-21T12:00:00.000Z' },
    advice: /expired 42 seconds ago by the clock of this service/,
  })
})

void t.test('clients: method, secret, grant type', async (t) => {
  t.match(explainMethod('app', 'client_secret_basic', 'client_secret_post'), {
    expected: { token_endpoint_auth_method: 'client_secret_basic' },
    received: { token_endpoint_auth_method: 'client_secret_post' },
    change: /token_endpoint_auth_method: client_secret_post/,
  })
  t.match(explainMethod('app', 'client_secret_basic', 'none'), {
    advice: /has a secret and did not send it/,
    change: undefined,
  })
  t.match(explainMethod('spa', 'none', 'client_secret_post'), {
    advice: /public and has no secret/,
    change: undefined,
  })
  t.match(explainSecret(true).advice, /white space around it/)
  t.equal(explainSecret(false).advice, undefined)
  const grants = ['authorization_code']
  t.match(explainGrantType('grant_type_not_allowed', 'app', grants, 'client_credentials'), {
    change: /grant_types: \[authorization_code, client_credentials\]/,
  })
})

const issuer = 'https://id.example.test'
const seconds = now.getTime() / 1000
const claims = { iss: issuer, aud: 'app', sub: 'person-4711', iat: seconds - 60, exp: seconds + 60 }
const token = (header: object, payload: unknown) =>
  [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.') + '.signature'
const access = (changes: object = {}, typ = 'at+jwt') => token({ typ }, { ...claims, ...changes })

const bearers: readonly (readonly [string, string, string, RegExp])[] = [
  ['no JWT', 'abc', 'access_token_invalid', /It is no JWT/],
  ['two parts', 'e30.e30', 'access_token_invalid', /It is no JWT/],
  ['a JSON list', token({}, []), 'access_token_invalid', /It is no JWT/],
  ['another issuer', access({ iss: 'https://x.test' }), 'access_token_invalid', /another issuer/],
  ['an ID token', access({}, 'JWT'), 'access_token_invalid', /It is an ID token/],
  ['another type', access({}, 'logout+jwt'), 'access_token_invalid', /typ says/],
  ['expired', access({ exp: seconds - 42 }), 'access_token_expired', /42 seconds ago/],
  ['from the future', access({ iat: seconds + 300 }), 'access_token_invalid', /5 minutes ahead/],
  ['not yet', access({ nbf: seconds + 30 }), 'access_token_invalid', /30 seconds ahead/],
  ['changed', access(), 'access_token_invalid', /was changed, signed by a key/],
  ['times that are none', access({ exp: 1e300, iat: 'x' }), 'access_token_invalid', /was changed/],
]
for (const [name, given, check, words] of bearers)
  void t.test(`access token: ${name}`, async (t) => {
    const why = explainAccessToken({ token: given, issuer, now })
    t.equal(why.check, check)
    t.match(why.advice, words)
    t.notMatch(JSON.stringify(why), /person-4711|signature/, 'nobody is named')
  })

void t.test('id_token_hint: its age is never the reason', async (t) => {
  const hint = (given: string, clientId = 'app') =>
    explainIdTokenHint({ token: given, issuer, clientId, now }).advice
  t.match(hint('x'), /It is no JWT/)
  t.match(hint(access()), /It is an access token/)
  t.match(hint(access({ iss: 'https://x.test' }, 'JWT')), /another issuer/)
  t.match(hint(access({}, 'JWT'), 'other'), /issued to another client/)
  t.match(hint(access({ exp: seconds - 9999 }, 'JWT')), /was changed, or signed by a key/)
})
