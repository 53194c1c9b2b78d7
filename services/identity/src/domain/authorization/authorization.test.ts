import t from 'tap'
import { createKeyRing } from '../../platform/crypto/key-ring.ts'
import { type Client, ClientMetadata } from '../clients/client.ts'
import { toParameters } from '../oauth/parameters.ts'
import {
  type ClaimsRequest,
  acrMember,
  parseClaimsRequest,
  requiredSubject,
} from './claims-request.ts'
import { type CodeContent, createCodes } from './code.ts'
import { validateAuthorizationRequest } from './request.ts'
import { createTransactions } from './transaction.ts'

const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const redirectUri = 'https://app.example.test/cb'

const client = (given: object = {}): Client => ({
  id: 'app',
  secretHash: 'x',
  metadata: ClientMetadata.parse({
    redirect_uris: [redirectUri, `${redirectUri}2`],
    scope: 'openid email offline_access notes:read photos:see',
    ...given,
  }),
})
const notes = {
  identifier: 'https://notes.test',
  name: 'Notes',
  scopes: { 'notes:read': 'Read', 'notes:write': 'Write' },
}
const photos = {
  identifier: 'https://photos.test',
  name: 'Photos',
  scopes: { 'photos:see': 'See' },
}
const hidden = { identifier: 'https://hidden.test', name: 'Hidden', scopes: { hide: 'Hide' } }
const known = [notes, photos, hidden]

const good = {
  client_id: 'app',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid',
  state: 's1',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}
type Given = Record<string, string | string[] | undefined>
const validate = (given: Given, of: Client | undefined = client()) =>
  validateAuthorizationRequest(toParameters({ ...good, ...given }), of, known)

function essentialAcr(request: ClaimsRequest | undefined): readonly string[] {
  const { essential, values } = acrMember(request)
  return essential ? values : []
}

void t.test('a good request is read whole', async (t) => {
  const outcome = validate({
    scope: 'openid notes:read openid unheard-of',
    nonce: 'n',
    max_age: '0',
    prompt: 'login consent',
    acr_values: ' a  b ',
    login_hint: 'ada@example.test',
    id_token_hint: 'ey',
    claims: '{"userinfo":{"email":null}}',
    response_mode: 'form_post',
    display: 'popup',
    ui_locales: 'de',
    unknown: 'is ignored',
  })
  t.match(outcome, {
    kind: 'valid',
    request: {
      scopes: ['openid', 'notes:read'],
      resources: [notes],
      codeChallenge: challenge,
      nonce: 'n',
      maxAgeSeconds: 0,
      acrValues: ['a', 'b'],
      claims: { userinfo: { email: null } },
      idTokenHint: 'ey',
      loginHint: 'ada@example.test',
      redirect: { uri: redirectUri, mode: 'form_post', state: 's1' },
    },
  })
  if (outcome.kind === 'valid') t.same([...outcome.request.prompt], ['login', 'consent'])
})

void t.test('what concerns client or redirect URI never redirects', async (t) => {
  const rows: [Given, Client | undefined, string][] = [
    [{ client_id: undefined }, undefined, 'invalid_request'],
    [{ client_id: '' }, undefined, 'invalid_request'],
    [{ client_id: 'nobody' }, undefined, 'unknown_client'],
    [{ client_id: ['app', 'app'] }, client(), 'invalid_request'],
    [{ client_id: ['app', 'other'] }, client(), 'invalid_request'],
    [{ redirect_uri: undefined }, client(), 'invalid_request'],
    [{ redirect_uri: '' }, client(), 'invalid_request'],
    [{ redirect_uri: [redirectUri, redirectUri] }, client(), 'invalid_request'],
    [{ redirect_uri: [redirectUri, 'https://evil.test'] }, client(), 'invalid_request'],
    [{ redirect_uri: 'https://evil.test/cb' }, client(), 'redirect_uri_not_registered'],
    [{ redirect_uri: `${redirectUri}/` }, client(), 'redirect_uri_not_registered'],
    [{ redirect_uri: `${redirectUri}?` }, client(), 'redirect_uri_not_registered'],
    [{ redirect_uri: `${redirectUri}\0` }, client(), 'redirect_uri_not_registered'],
    [{ redirect_uri: redirectUri.toUpperCase() }, client(), 'redirect_uri_not_registered'],
    [{}, client({ redirect_uris: [] }), 'redirect_uri_not_registered'],
    // Other faults beside it change nothing.
    [{ redirect_uri: 'https://evil.test', scope: 'é' }, client(), 'redirect_uri_not_registered'],
    [{ client_id: 'nobody', response_type: ['a', 'b'] }, undefined, 'unknown_client'],
  ]
  for (const [given, of, fault] of rows) {
    const outcome = validateAuthorizationRequest(toParameters({ ...good, ...given }), of, known)
    t.match(outcome, { kind: 'page', fault }, JSON.stringify(given))
  }
})

const publicClient = client({ token_endpoint_auth_method: 'none' })
const exempt = client({ require_pkce: false })

void t.test('every other fault goes to the redirect URI by its own code', async (t) => {
  const rows: [Given, string, Client?][] = [
    [{ response_type: undefined }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: 'none' }, 'unsupported_response_type'],
    [{ response_type: 'CODE' }, 'unsupported_response_type'],
    [{ response_type: ['code', 'code'] }, 'invalid_request'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ response_mode: 'query.jwt' }, 'invalid_request'],
    [{ scope: ['openid', 'openid'] }, 'invalid_request'],
    [{ state: ['a', 'b'] }, 'invalid_request'],
    [{ state: 'a\0b' }, 'invalid_request'],
    [{ nonce: '\udc00' }, 'invalid_request'],
    [{ unknown: ['a', 'b'] }, 'invalid_request'],
    [{ request: 'ey' }, 'request_not_supported'],
    [{ request_uri: 'https://app.example.test/r' }, 'request_uri_not_supported'],
    [{ registration: '{}' }, 'registration_not_supported'],
    [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    [{ code_challenge: undefined }, 'invalid_request'],
    [{ code_challenge: undefined }, 'invalid_request', exempt],
    [{ code_challenge_method: undefined }, 'invalid_request'],
    [{ code_challenge_method: undefined }, 'invalid_request', exempt],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request', exempt],
    [{ code_challenge_method: 's256' }, 'invalid_request'],
    [{ code_challenge: challenge.slice(1) }, 'invalid_request'],
    [{ code_challenge: `${challenge}=` }, 'invalid_request'],
    [
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
      publicClient,
    ],
    // A public client stays bound even where its row says otherwise.
    [
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
      client({ token_endpoint_auth_method: 'none', require_pkce: false }),
    ],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ prompt: 'create' }, 'invalid_request'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ max_age: '1.5' }, 'invalid_request'],
    [{ max_age: '1e3' }, 'invalid_request'],
    [{ max_age: ' 1' }, 'invalid_request'],
    [{ max_age: '٣' }, 'invalid_request'],
    [{ max_age: '9999999999' }, 'invalid_request'],
    [{ claims: 'x' }, 'invalid_request'],
    [{ claims: '[]' }, 'invalid_request'],
    [{ claims: '{"id_token":{"sub":"x"}}' }, 'invalid_request'],
    [{ scope: 'openid é' }, 'invalid_scope'],
    [{ scope: 'openid a"b' }, 'invalid_scope'],
    [{ scope: undefined }, 'invalid_scope'],
    [{ scope: 'unheard-of' }, 'invalid_scope'],
    [{ scope: 'constructor __proto__' }, 'invalid_scope'],
    [{ scope: 'openid profile' }, 'invalid_scope'],
    [{ scope: 'openid notes:write' }, 'invalid_scope'],
    [{ scope: 'openid notes:read photos:see' }, 'invalid_scope'],
    [{ resource: 'https://nowhere.test' }, 'invalid_target'],
    [{ resource: hidden.identifier }, 'invalid_target'],
    [{ resource: [notes.identifier, hidden.identifier] }, 'invalid_target'],
    // What is left of the scopes at the API that is named: nothing.
    [{ scope: 'notes:read', resource: photos.identifier }, 'invalid_scope'],
    [{}, 'unauthorized_client', client({ grant_types: ['client_credentials'] })],
  ]
  for (const [given, code, of = client()] of rows) {
    const outcome = validate(given, of)
    const label = JSON.stringify(given).slice(0, 100)
    t.match(outcome, { kind: 'redirect', code, redirect: { uri: redirectUri } }, label)
    if (outcome.kind === 'redirect') {
      t.match(outcome.description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, 'RFC 6749 §4.1.2.1')
      if (typeof given['state'] !== 'object')
        t.equal(outcome.redirect.state, given['state'] ?? 's1')
      else t.equal(outcome.redirect.state, undefined, 'a repeated state is not given back')
    }
  }
})

void t.test('an error of a form_post request goes by form_post', async (t) => {
  t.match(validate({ response_mode: 'form_post', scope: 'é' }), {
    kind: 'redirect',
    redirect: { mode: 'form_post' },
  })
})

void t.test('PKCE is left out only by an exempted confidential client', async (t) => {
  const without = { code_challenge: undefined, code_challenge_method: undefined }
  t.match(validate(without, exempt), { kind: 'valid', request: { codeChallenge: undefined } })
  t.match(validate({}, exempt), { kind: 'valid', request: { codeChallenge: challenge } })
  t.match(validate({}, publicClient), { kind: 'valid' })
})

void t.test('several resources: the scopes of each, and nothing else', async (t) => {
  const outcome = validate({
    scope: 'openid notes:read photos:see',
    resource: [photos.identifier, notes.identifier],
  })
  t.match(outcome, {
    kind: 'valid',
    request: { scopes: ['openid', 'notes:read', 'photos:see'], resources: [photos, notes] },
  })
  const one = validate({ scope: 'openid notes:read photos:see', resource: notes.identifier })
  t.match(one, { kind: 'valid' })
  if (one.kind === 'valid') t.same(one.request.scopes, ['openid', 'notes:read'])
})

void t.test('claims: what is no request of OIDC Core 1.0 §5.5 is refused', async (t) => {
  for (const text of [
    '',
    'null',
    'true',
    '7',
    '"x"',
    '[]',
    '[{}]',
    '{',
    '{}x',
    '{"id_token":[]}',
    '{"id_token":"x"}',
    '{"id_token":7}',
    '{"userinfo":{"email":true}}',
    '{"userinfo":{"email":"x"}}',
    '{"userinfo":{"email":[]}}',
    '{"userinfo":{"email":{"essential":"true"}}}',
    '{"id_token":{"acr":{"values":"aal1"}}}',
    `{"id_token":{"${'n'.repeat(257)}":null}}`,
  ])
    t.equal(parseClaimsRequest(text), undefined, text.slice(0, 60))
})

void t.test('claims: nulls, unknown members and hostile names pass harmlessly', async (t) => {
  t.same(parseClaimsRequest('{}'), {})
  t.same(parseClaimsRequest('{"id_token":null,"userinfo":null}'), {
    id_token: null,
    userinfo: null,
  })
  t.same(parseClaimsRequest('{"future":{"x":1}}'), {})
  const text = `{"__proto__":{"polluted":1},"id_token":{"__proto__":{"essential":true,"value":"x"},
    "constructor":{"value":"y"},"acr":{"essential":true,"future":1,"__proto__":{"value":"z"}}}}`
  const request = parseClaimsRequest(text)
  t.ok(request)
  t.equal(Object.getPrototypeOf(request), Object.prototype)
  t.equal(Object.getPrototypeOf(request?.id_token), Object.prototype)
  t.notOk(Object.hasOwn(Object.prototype, 'polluted'))
  t.same(essentialAcr(request), [], 'no value by inheritance')
  t.equal(requiredSubject(request), undefined)
  t.equal(requiredSubject(parseClaimsRequest('{"id_token":{}}')), undefined)
})

void t.test('claims: an acr binds only when it is essential', async (t) => {
  const acr = (member: string) => essentialAcr(parseClaimsRequest(`{"id_token":{"acr":${member}}}`))
  t.same(acr('{"essential":true,"value":"aal1"}'), ['aal1'])
  t.same(acr('{"essential":true,"values":["aal1","aal2"]}'), ['aal1', 'aal2'])
  for (const free of [
    'null',
    '{}',
    '{"value":"aal2"}',
    '{"essential":false,"value":"aal2"}',
    '{"essential":true}',
  ])
    t.same(acr(free), [], free)
  t.same(essentialAcr(undefined), [])
  // What could be neither met nor refused is no request (OIDC Core 1.0 §5.5.1.1).
  for (const odd of ['{"essential":true,"values":[]}', '{"essential":true,"value":5}'])
    t.equal(parseClaimsRequest(`{"id_token":{"acr":${odd}}}`), undefined, odd)
  for (const text of ['\\u0000', '\\ud800', 'a\\u0000b'])
    t.equal(parseClaimsRequest(`{"userinfo":{"${text}":null}}`), undefined, text)
  t.same(
    essentialAcr(parseClaimsRequest('{"userinfo":{"acr":{"essential":true,"value":"x"}}}')),
    [],
  )
  t.equal(requiredSubject(parseClaimsRequest('{"id_token":{"sub":{"value":"u1"}}}')), 'u1')
  t.equal(requiredSubject(parseClaimsRequest('{"userinfo":{"sub":{"value":"u1"}}}')), undefined)
})

const content: CodeContent = {
  grantId: 'g',
  clientId: 'app',
  redirectUri,
  codeChallenge: challenge,
  userId: 'u',
  sessionId: 's',
  scopes: ['openid'],
  resources: [],
  claims: undefined,
  nonce: undefined,
  authTime: new Date(1_000),
  amr: ['pwd'],
  acr: 'aal1',
  expiresAt: new Date(61_000),
}

void t.test(
  'a code gives back what was sealed into it, and nothing else opens as one',
  async (t) => {
    const codes = createCodes(ring)
    const { claims: _claims, nonce: _nonce, ...rest } = content
    t.match(codes.open(codes.seal(content)), rest)
    const browser = 'b'.repeat(43)
    const transaction = { parameters: new Map(), requestedAt: new Date(), accountSelected: false }
    for (const text of [
      '',
      'code',
      ring.mac('authorization-code', '{}'),
      ring.seal('pepper', JSON.stringify(content)),
      ring.seal('authorization-code', JSON.stringify(content), 'context'),
      createTransactions(ring).seal(transaction, browser),
    ])
      t.equal(codes.open(text), undefined, text.slice(0, 30))
  },
)

void t.test('a transaction is of one browser, for one hour', async (t) => {
  const transactions = createTransactions(ring)
  const at = new Date(1_700_000_000_000)
  const parameters = toParameters({ client_id: 'app', resource: ['a', 'b'], ['__proto__']: 'x' })
  const sealed = transactions.seal({ parameters, requestedAt: at, accountSelected: true }, 'me')
  const open = (browser: string | undefined, seconds: number, text = sealed) =>
    transactions.open(text, browser, new Date(at.getTime() + seconds * 1000))

  const opened = open('me', 3599.999)
  t.match(opened, { kind: 'ours', transaction: { requestedAt: at, accountSelected: true } })
  if (opened.kind === 'ours') t.same([...opened.transaction.parameters], [...parameters])
  for (const browser of ['you', '', undefined, 'ME', 'me '])
    t.equal(open(browser, 0).kind, 'stale', String(browser))
  t.equal(open('me', 3600).kind, 'stale', 'after an hour')
  t.equal(open('me', 9e6).kind, 'stale')

  for (const text of ['', 'x', `${sealed}x`, sealed.slice(1), createCodes(ring).seal(content)])
    t.equal(open('me', 0, text).kind, 'invalid', text.slice(0, 20))
  const other = createKeyRing(new Map([['k1', Buffer.alloc(32, 2)]]))
  t.equal(createTransactions(other).open(sealed, 'me', at).kind, 'invalid')

  const unbound = transactions.seal(
    { parameters, requestedAt: at, accountSelected: true },
    undefined,
  )
  for (const browser of ['me', undefined]) t.equal(open(browser, 0, unbound).kind, 'unbound')
})
