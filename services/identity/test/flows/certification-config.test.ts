import t from 'tap'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { send } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'

// oidcc-config-certification-test-plan. The suite demands https everywhere; over loopback the same
// rule reads: every address is under the issuer's own origin.
const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)

void t.test('oidcc-discovery-endpoint-verification', async (t) => {
  const answer = await send(`${identity.issuer}/.well-known/openid-configuration`)
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^application\/json/)
  const metadata = await provider.metadata()
  t.equal(metadata['issuer'], identity.issuer, 'the exact issuer')
  for (const name of [
    'authorization_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
    'jwks_uri',
    'end_session_endpoint',
  ]) {
    const url = new URL(String(metadata[name]))
    t.equal(url.origin, new URL(identity.issuer).origin, `${name} is ours`)
    t.equal(url.hash, '', `${name} has no fragment`)
  }
  t.match(metadata['scopes_supported'], ['openid'])
  t.same(metadata['response_types_supported'], ['code'])
  t.ok(Array.isArray(metadata['grant_types_supported']))
  t.ok(Array.isArray(metadata['subject_types_supported']))
  const algorithms = metadata['id_token_signing_alg_values_supported']
  t.ok(Array.isArray(algorithms) && algorithms.includes('RS256'))
  t.notOk(Array.isArray(algorithms) && algorithms.includes('none'))
  t.type(metadata['claims_supported'], Array)
  t.notOk(metadata['request_uri_parameter_supported'] ?? true, 'the default would be true')
  for (const [name, value] of Object.entries(metadata)) {
    t.not(value, null, `${name} is not null`)
    if (Array.isArray(value)) t.not(value.length, 0, `${name} is not an empty list (RFC 8414 §3.2)`)
  }
  const keys = await provider.keys()
  t.ok(keys.length > 0)
  for (const key of keys) {
    t.match(key, { kty: String, kid: String, use: 'sig', alg: String })
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'])
      t.notOk(secret in key, `no ${secret}`)
  }
  t.equal(new Set(keys.map((key) => key['kid'])).size, keys.length, 'each kid once')
})
