import t from 'tap'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { jsonOf, send, sendRaw } from '../helpers/wire.ts'
import { notesApi, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const documents = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'introspection_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
]

for (const path of documents) {
  void t.test(`${path} (OIDC Discovery 1.0 §3, RFC 8414 §2)`, async (t) => {
    const answer = await send(identity.issuer + path)
    t.equal(answer.status, 200)
    t.match(answer.headers.get('content-type'), /^application\/json/)
    t.equal(answer.headers.get('access-control-allow-origin'), '*')
    const metadata = jsonOf(answer)
    t.equal(metadata['issuer'], identity.issuer, 'the exact issuer, no slash')
    for (const name of endpoints)
      t.ok(String(metadata[name]).startsWith(`${identity.issuer}/`), `${name} is under the issuer`)
    t.same(metadata['response_types_supported'], ['code'])
    t.same(metadata['code_challenge_methods_supported'], ['S256'], 'never plain')
    t.equal(metadata['authorization_response_iss_parameter_supported'], true, 'RFC 9207 §3')
    t.equal(metadata['request_uri_parameter_supported'], false, 'left out it would mean true')
    t.not(metadata['request_parameter_supported'], true)
    const same = [
      ['response_modes_supported', ['form_post', 'query']],
      ['grant_types_supported', ['authorization_code', 'client_credentials', 'refresh_token']],
      [
        'token_endpoint_auth_methods_supported',
        ['client_secret_basic', 'client_secret_post', 'none'],
      ],
    ] as const
    for (const [name, values] of same) t.same(sorted(metadata[name]), values, name)
  })

  for (const method of ['POST', 'PUT', 'DELETE'])
    void t.test(`${method} ${path} is nothing`, async (t) => {
      const { status } = await send(identity.issuer + path, { method })
      t.ok(status === 404 || status === 405, `${status}`)
    })

  for (const headers of [
    { host: 'evil.example.test' },
    { 'x-forwarded-host': 'evil.example.test' },
    { 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example.test;proto=https' },
    { 'x-original-url': '/evil' },
  ])
    void t.test(
      `${path} with ${JSON.stringify(headers)}: the configured issuer still`,
      async (t) => {
        const answer = await sendRaw(identity.issuer, path, { headers })
        t.notMatch(answer.body, 'evil.example.test')
        // A refusal of a foreign Host is as good as ignoring it.
        if (answer.status === 200) t.equal(jsonOf(answer)['issuer'], identity.issuer)
        else t.ok(answer.status >= 400 && answer.status < 500)
      },
    )
}

void t.test('both documents say the same', async (t) => {
  const [one, two] = await Promise.all(
    documents.map(async (path) => jsonOf(await send(identity.issuer + path))),
  )
  for (const name of Object.keys(one ?? {}))
    if (two !== undefined && name in two) t.same(two[name], one?.[name], name)
})

void t.test('OpenID members (OIDC Discovery 1.0 §3)', async (t) => {
  const metadata = await provider.metadata()
  t.ok(sorted(metadata['scopes_supported']).includes('openid'))
  t.ok(sorted(metadata['scopes_supported']).includes('offline_access'))
  t.ok(sorted(metadata['subject_types_supported']).includes('public'))
  t.ok(sorted(metadata['id_token_signing_alg_values_supported']).includes('RS256'))
  t.notOk(sorted(metadata['id_token_signing_alg_values_supported']).includes('none'))
  t.equal(metadata['claims_parameter_supported'], true)
  for (const claim of ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'email', 'name', 'address'])
    t.ok(sorted(metadata['claims_supported']).includes(claim), claim)
  for (const [name, value] of Object.entries(metadata)) {
    t.not(value, null, name)
    if (Array.isArray(value)) t.ok(value.length > 0, `${name} is not empty (RFC 8414 §3.2)`)
  }
})

void t.test(
  'no scope in the list that no client could get, no secret, no path of ours',
  async (t) => {
    const text = JSON.stringify(await provider.metadata())
    t.notMatch(text, /secret-judge|file:|node_modules|postgres/)
    t.type(notesApi, 'string')
  },
)

void t.test('each endpoint named is there, and takes no wrong method', async (t) => {
  const metadata = await provider.metadata()
  const onlyPost = ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint']
  for (const name of endpoints) {
    const answer = await send(String(metadata[name]), {
      method: onlyPost.includes(name) ? 'POST' : 'GET',
    })
    t.not(answer.status, 404, name)
    t.not(answer.status, 405, name)
    t.ok(answer.status < 500, name)
  }
  for (const name of onlyPost) {
    const answer = await send(String(metadata[name]))
    t.equal(answer.status, 405, `GET ${name}`)
    t.match(answer.headers.get('allow'), /POST/, 'RFC 9110 §15.5.6')
  }
})

void t.test('what is not offered is not named', async (t) => {
  const metadata = await provider.metadata()
  for (const name of [
    'registration_endpoint',
    'check_session_iframe',
    'device_authorization_endpoint',
  ])
    if (name in metadata) {
      const { status } = await send(String(metadata[name]), { method: 'POST' })
      t.not(status, 404, `${name} is named, so it must be there`)
    } else t.notOk(name in metadata)
})

function sorted(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String).toSorted() : []
}
