import t from 'tap'
import { sha256 } from '../../platform/crypto/hash.ts'
import { reachable, targetResources } from '../resources/resource.ts'
import {
  type Client,
  ClientMetadata,
  allowedScopes,
  clientFaults,
  displayName,
  isPublic,
  secretMatches,
} from './client.ts'

const metadata = (given: object) =>
  ClientMetadata.parse({ redirect_uris: ['https://app.example.test/cb'], ...given })
const client = (given: object, secret?: string): Client => ({
  id: 'app',
  secretHash: secret === undefined ? undefined : sha256(secret),
  metadata: metadata(given),
})

void t.test('metadata that says nothing gets the safe defaults', async (t) => {
  t.same(ClientMetadata.parse({}), {
    redirect_uris: [],
    post_logout_redirect_uris: [],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'openid',
    consent: 'explicit',
    require_pkce: true,
    introspection: false,
  })
})

void t.test('metadata that is wrong is refused', async (t) => {
  for (const given of [
    { redirect_uri: ['https://app.example.test/cb'] },
    { redirect_uris: 'https://app.example.test/cb' },
    { redirect_uris: ['http://app.example.test/cb'] },
    { redirect_uris: ['https://*.example.test/cb'] },
    { redirect_uris: [null] },
    { redirect_uris: Array.from({ length: 101 }, (_, i) => `https://app.example.test/${i}`) },
    { post_logout_redirect_uris: ['https://app.example.test/#out'] },
    { grant_types: ['implicit'] },
    { grant_types: ['password'] },
    { grant_types: 'authorization_code' },
    { response_types: ['token'] },
    { response_types: ['code id_token'] },
    { token_endpoint_auth_method: 'client_secret_jwt' },
    { scope: 'a"b' },
    { scope: ['openid'] },
    { consent: 'never' },
    { require_pkce: 'false' },
    { client_name: '' },
    { client_name: 'n'.repeat(101) },
    { logo_uri: 'javascript:alert(1)' },
    { client_uri: 'data:text/html,x' },
    { policy_uri: '/relative' },
  ])
    t.notOk(ClientMetadata.safeParse(given).success, JSON.stringify(given).slice(0, 80))
})

void t.test('settings that contradict themselves, each by its member', async (t) => {
  const rows: [object, boolean, string[]][] = [
    [{}, true, []],
    [{}, false, ['client_secret']],
    [{ token_endpoint_auth_method: 'client_secret_post' }, false, ['client_secret']],
    [{ token_endpoint_auth_method: 'none' }, false, []],
    [{ token_endpoint_auth_method: 'none' }, true, ['client_secret']],
    [{ require_pkce: false }, true, []],
    [{ require_pkce: false, token_endpoint_auth_method: 'none' }, false, ['require_pkce']],
    [{ introspection: true, token_endpoint_auth_method: 'none' }, false, ['introspection']],
    [{ redirect_uris: [] }, true, ['redirect_uris']],
    [{ redirect_uris: [], grant_types: ['client_credentials'] }, true, []],
    [{ grant_types: ['refresh_token'] }, true, ['grant_types']],
    [{ grant_types: ['client_credentials', 'refresh_token'] }, true, ['grant_types']],
    [
      { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
      false,
      ['grant_types'],
    ],
    [
      {
        redirect_uris: [],
        grant_types: ['authorization_code', 'client_credentials'],
        token_endpoint_auth_method: 'none',
        require_pkce: false,
        introspection: true,
      },
      true,
      ['client_secret', 'require_pkce', 'grant_types', 'introspection', 'redirect_uris'],
    ],
  ]
  for (const [given, hasSecret, members] of rows) {
    const found = clientFaults(metadata(given), hasSecret).map(({ member }) => member)
    t.same(found, members, JSON.stringify(given))
  }
})

void t.test('a secret matches itself only, and no secret matches nothing', async (t) => {
  const app = client({}, 'correct-secret-of-app')
  t.ok(secretMatches(app, 'correct-secret-of-app'))
  for (const wrong of ['', 'Correct-secret-of-app', 'correct-secret-of-app ', app.secretHash ?? ''])
    t.notOk(secretMatches(app, wrong), wrong)
  for (const any of ['', 'undefined', sha256('')]) t.notOk(secretMatches(client({}), any), any)
  t.notOk(isPublic(app))
  t.ok(isPublic(client({ token_endpoint_auth_method: 'none' })))
  t.equal(displayName(app), 'app')
  t.equal(displayName(client({ client_name: 'The App' })), 'The App')
  t.same(allowedScopes(client({ scope: 'openid  a b a' })), ['openid', 'a', 'b'])
})

const notes = { identifier: 'https://notes.test', name: 'Notes', scopes: { read: 'R', write: 'W' } }
const photos = {
  identifier: 'https://photos.test',
  name: 'Photos',
  scopes: { read: 'R', see: 'S' },
}
const bare = { identifier: 'https://bare.test', name: 'Bare', scopes: {} }
const known = [notes, photos, bare]

void t.test('the APIs of a request: those it names (RFC 8707 §2)', async (t) => {
  t.same(targetResources([photos.identifier], [], known), [photos])
  t.same(targetResources([photos.identifier, notes.identifier], ['see'], known), [photos, notes])
  t.same(targetResources([notes.identifier, notes.identifier], [], known), [notes], 'once')
  for (const unknown of [
    'https://evil.test',
    'https://notes.test/',
    'HTTPS://NOTES.TEST',
    'https://notes.test#x',
    'notes',
    'toString',
  ]) {
    t.match(targetResources([unknown], [], known), { error: 'invalid_target' }, unknown)
    t.match(targetResources([notes.identifier, unknown], [], known), { error: 'invalid_target' })
  }
  t.match(targetResources([notes.identifier], [], []), { error: 'invalid_target' })
})

void t.test('the APIs of a request: else the one its scopes point to', async (t) => {
  t.same(targetResources([], [], known), [])
  t.same(targetResources([], ['write'], known), [notes])
  t.same(targetResources([], ['read', 'see'], known), [photos])
  // RFC 9068 §3: scopes of different APIs have no one audience.
  t.match(targetResources([], ['write', 'see'], known), { error: 'invalid_scope' })
  t.match(targetResources([], ['unknown'], known), { error: 'invalid_scope' })
  t.match(targetResources([], ['constructor'], known), { error: 'invalid_scope' })
})

void t.test('a client reaches only APIs at which it has a scope', async (t) => {
  t.same(reachable(known, ['openid', 'see']), [photos])
  t.same(reachable(known, ['openid', 'email']), [])
  t.same(reachable(known, ['toString', '__proto__']), [])
  t.same(reachable([], ['read']), [])
})
