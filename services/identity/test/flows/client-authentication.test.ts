import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import {
  basic,
  type ClientAuthentication,
  nobody,
  Provider,
  publicId,
  secretPost,
  verdict,
} from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import {
  confidentialTwin,
  inspector,
  judge,
  poster,
  rival,
  secrets,
  spa,
  world,
} from '../helpers/world.ts'

// Characters that RFC 6749 §2.3.1 wants form-encoded before base64, and that naive decoders lose.
const oddSecret = 'p%41ss:w+rd/with=odd&characters %2B and more of them'
const odd = confidentialTwin('odd:client+1', ['https://odd.example.test/cb'], {
  client_secret: oddSecret,
  grant_types: ['client_credentials'],
  scope: 'notes:read',
})
const identity = await startIdentity(t, { config: world({}, [odd.registration]) })
const provider = new Provider(identity.issuer)
const machineGrant = { grant_type: 'client_credentials', scope: 'notes:read' }
const secret = secrets.judge

const header =
  (value: string): ClientAuthentication =>
  (headers) => {
    headers['authorization'] = value
  }
const encoded = (text: string) => Buffer.from(text).toString('base64')

const refused: readonly (readonly [string, ClientAuthentication])[] = [
  ['nothing at all', nobody],
  ['a confidential client without its secret', publicId(judge.id)],
  ['an empty secret by basic', basic(judge.id, '')],
  ['an empty secret by post', secretPost(poster.id, '')],
  ['a wrong secret by basic', basic(judge.id, 'wrong')],
  ['a wrong secret by post', secretPost(poster.id, 'wrong')],
  ['the secret with a character more', basic(judge.id, `${secret}x`)],
  ['the secret with one less', basic(judge.id, secret.slice(0, -1))],
  ['the secret in other case', basic(judge.id, secret.toUpperCase())],
  ['the secret of another client', basic(judge.id, secrets.secretOf('rival'))],
  ['an unknown client by basic', basic('nobody', secret)],
  ['an unknown client by post', secretPost('nobody', secret)],
  ['an unknown public client', publicId('nobody')],
  ['__proto__ as client', basic('__proto__', 'x')],
  ['constructor as client', secretPost('constructor', 'x')],
  ['a client id in other case', basic('JUDGE', secret)],
  ['a client registered for basic that posts', secretPost(judge.id, secret)],
  ['a client registered for post by basic', basic(poster.id, secrets.poster)],
  ['a public client with a made-up secret by basic', basic(spa.id, 'made-up')],
  ['a public client with a made-up secret by post', secretPost(spa.id, 'made-up')],
  ['a public client with an empty secret by basic', basic(spa.id, '')],
  ['basic without a colon', header(`Basic ${encoded('judge')}`)],
  ['basic that is no base64', header('Basic §§§'.replace(/§/g, '%'))],
  ['basic with nothing', header('Basic ')],
  ['basic with only the scheme', header('Basic')],
  ['basic with an empty client', header(`Basic ${encoded(`:${secret}`)}`)],
  ['basic with broken percent-encoding', header(`Basic ${encoded('judge:%zz%')}`)],
  ['basic with NUL', header(`Basic ${encoded(`judge\0:${secret}`)}`)],
  [
    'basic of bytes that are no UTF-8',
    header(`Basic ${Buffer.from([255, 58, 254]).toString('base64')}`),
  ],
  ['bearer instead of basic', header(`Bearer ${encoded(`judge:${secret}`)}`)],
  ['digest', header('Digest username="judge"')],
  ['a secret of 100 kB', secretPost(poster.id, 'x'.repeat(100_000))],
]

for (const [name, authentication] of refused)
  void t.test(`refused: ${name} (RFC 6749 §5.2)`, async (t) => {
    const answer = await provider.token(machineGrant, authentication)
    t.match(verdict(answer), /^(401 invalid_client|400 invalid_(client|request)|413.*)$/)
    t.notMatch(answer.body, 'access_token')
    t.match(answer.headers.get('cache-control'), /no-store/)
    if (answer.status === 401)
      t.match(answer.headers.get('www-authenticate'), /^Basic realm=/i, 'RFC 9110 §11.6.1')
  })

for (const [name, authentication] of [
  ['a wrong secret', basic(judge.id, 'wrong')],
  ['an unknown client', basic('nobody', 'wrong')],
  ['a client of another method', basic(poster.id, secrets.poster)],
] as const)
  void t.test(`tried by the Authorization header, ${name} gets 401 (RFC 6749 §5.2)`, async (t) => {
    const answer = await provider.token(machineGrant, authentication)
    t.equal(verdict(answer), '401 invalid_client')
    t.match(answer.headers.get('www-authenticate'), /^Basic/i)
  })

void t.test('an unknown client and a wrong secret look the same', async (t) => {
  const answers = await Promise.all(
    [basic(judge.id, 'wrong'), basic('nobody', 'wrong')].map((authentication) =>
      provider.token(machineGrant, authentication),
    ),
  )
  // Every error has an id of its own, in the address of its explanation.
  const seen = answers.map(
    ({ status, body }) => `${status} ${body.replace(/id=[\w-]{12}"/, 'id="')}`,
  )
  t.equal(seen[0], seen[1])
})

const two: readonly (readonly [string, ClientAuthentication])[] = [
  ['basic and post, both right', both(basic(judge.id, secret), secretPost(judge.id, secret))],
  ['basic right, post wrong', both(basic(judge.id, secret), secretPost(judge.id, 'wrong'))],
  [
    'basic of one, post of another',
    both(basic(judge.id, secret), secretPost(poster.id, secrets.poster)),
  ],
  ['basic of one, client_id of another', both(basic(judge.id, secret), publicId(rival.id))],
  [
    'basic and an empty client_secret',
    both(basic(judge.id, secret), (_h, form) => form.set('client_secret', '')),
  ],
]
for (const [name, authentication] of two)
  void t.test(`one method a request: ${name} (RFC 6749 §2.3)`, async (t) => {
    const answer = await provider.token(machineGrant, authentication)
    // An empty parameter counts as left out (§3.1), so that one may pass.
    if (name.includes('empty')) t.match(verdict(answer), /^(200|40[01] invalid_\w+)$/)
    else t.match(verdict(answer), /^40[01] invalid_(request|client)$/)
  })

void t.test('client_secret repeated (RFC 6749 §3.2)', async (t) => {
  const answer = await provider.token([
    ...Object.entries(machineGrant),
    ['client_id', poster.id],
    ['client_secret', secrets.poster],
    ['client_secret', secrets.poster],
  ])
  t.match(verdict(answer), /^40[01] invalid_(request|client)$/)
})

void t.test('basic with the same client_id in the form is one method', async (t) => {
  const answer = await provider.token(
    machineGrant,
    both(basic(judge.id, secret), publicId(judge.id)),
  )
  t.equal(verdict(answer), '200')
})

void t.test('the scheme is case-insensitive (RFC 9110 §11.1)', async (t) => {
  for (const scheme of ['basic', 'BASIC'])
    t.equal(
      verdict(
        await provider.token(machineGrant, header(`${scheme} ${encoded(`judge:${secret}`)}`)),
      ),
      '200',
    )
})

void t.test('odd characters survive form-encoding in basic (RFC 6749 §2.3.1)', async (t) => {
  const answer = await provider.token(machineGrant, basic(odd.client.id, oddSecret))
  t.equal(verdict(answer), '200')
  const wrong = await provider.token(
    machineGrant,
    basic(odd.client.id, decodeURIComponent('p%41ss')),
  )
  t.equal(verdict(wrong), '401 invalid_client')
})

void t.test('a public client says who it is, and no more', async (t) => {
  const rp = new RelyingParty(provider, spa)
  const { request, callback } = await rp.code(new Browser(identity.issuer))
  const params = {
    grant_type: 'authorization_code',
    code: callback.params.get('code') ?? '',
    redirect_uri: request.redirectUri,
    code_verifier: request.verifier,
  }
  t.match(verdict(await provider.token(params, nobody)), /^40[01] invalid_(client|request)$/)
  t.match(verdict(await provider.token(params, publicId('nobody'))), /^40[01] invalid_client$/)
  t.equal(verdict(await provider.token(params, publicId(spa.id))), '200')
})

for (const endpoint of ['introspection_endpoint', 'revocation_endpoint'])
  for (const [name, authentication] of [
    ['nothing', nobody],
    ['a wrong secret', basic(inspector.id, 'wrong')],
    ['an unknown client', basic('nobody', 'x')],
    ['two methods', both(basic(judge.id, secret), secretPost(judge.id, secret))],
  ] as const)
    void t.test(`${endpoint} with ${name}`, async (t) => {
      const answer = await provider.call(endpoint, { token: 'x' }, authentication)
      t.match(verdict(answer), /^40[01] invalid_(client|request)$/)
    })

void t.test('a public client may not introspect (RFC 7662 §2.1)', async (t) => {
  const answer = await provider.call('introspection_endpoint', { token: 'x' }, publicId(spa.id))
  t.match(String(answer.status), /^40[13]$/)
})

function both(one: ClientAuthentication, other: ClientAuthentication): ClientAuthentication {
  return (headers, form) => {
    one(headers, form)
    other(headers, form)
  }
}
