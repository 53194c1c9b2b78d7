import t from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { formOf, Provider, stringOf, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { ada, judge, notesApi, photosApi, rival, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)
const browser = new Browser(identity.issuer)
const ownScopes = new Map([
  [notesApi, ['notes:read', 'notes:write']],
  [photosApi, ['photos:read', 'photos:admin']],
])

const audienceOf = (accessToken: string) => decodeJwt(accessToken).claims['aud']
const scopesOf = (accessToken: string) =>
  stringOf(decodeJwt(accessToken).claims['scope']).split(' ')

for (const [scope, audience] of [
  ['openid', identity.issuer],
  ['openid profile email', identity.issuer],
  ['openid notes:read', notesApi],
  ['notes:read notes:write', notesApi],
  ['openid photos:read', photosApi],
] as const)
  void t.test(`without resource, scope ${scope} is for ${audience}`, async (t) => {
    const { tokens } = await rp.signIn(browser, { scope })
    t.equal(audienceOf(tokens.accessToken), audience)
  })

for (const resource of [notesApi, photosApi])
  void t.test(`resource ${resource} at /authorize is the audience (RFC 8707 §2)`, async (t) => {
    const scope = 'openid notes:read photos:read'
    const { tokens } = await rp.signIn(browser, { scope, resource })
    t.equal(audienceOf(tokens.accessToken), resource)
    for (const [other, scopes] of ownScopes)
      if (other !== resource)
        for (const name of scopes) t.notOk(scopesOf(tokens.accessToken).includes(name), name)
  })

void t.test(
  'scopes of two APIs: a token never carries one API’s scopes to the other',
  async (t) => {
    const { request, callback } = await rp.code(browser, { scope: 'openid notes:read photos:read' })
    if (!callback.params.has('code')) {
      t.match(callback.params.get('error'), /^invalid_(scope|target)$/, 'or is not given at all')
      return
    }
    const answer = await rp.redeem(request, callback)
    if (answer.status !== 200) {
      t.equal(verdict(answer), '400 invalid_target')
      return
    }
    const { accessToken } = tokensOf(answer)
    const audience = audienceOf(accessToken)
    t.type(audience, 'string', 'one audience')
    for (const [api, scopes] of ownScopes)
      if (api !== audience)
        for (const name of scopes) t.notOk(scopesOf(accessToken).includes(name), name)
  },
)

void t.test('two resources at /authorize, one at /token (RFC 8707 §2.2)', async (t) => {
  const { params, url, ...request } = await rp.request({
    scope: 'openid notes:read photos:read offline_access',
    resource: notesApi,
  })
  params.append('resource', photosApi)
  const landing = await browser.authorize(`${url.replace(/\?.*$/, '')}?${params}`, { person: ada })
  const callback = mustReturn(landing)
  t.equal(callback.params.get('error'), null, 'resource may be repeated')
  const whole = { ...request, params, url }
  const first = tokensOf(await rp.redeem(whole, callback, { resource: photosApi }))
  t.equal(audienceOf(first.accessToken), photosApi)
  t.notOk(scopesOf(first.accessToken).includes('notes:read'))
  const next = tokensOf(await rp.refresh(first.refreshToken, { resource: notesApi }))
  t.equal(audienceOf(next.accessToken), notesApi)
  t.notOk(scopesOf(next.accessToken).includes('photos:read'))
})

for (const resource of [
  photosApi,
  'https://nowhere.example.test',
  `${notesApi}/`,
  `${notesApi}#x`,
  'x',
])
  void t.test(
    `not granted at /authorize, refused at /token: ${resource} (RFC 8707 §2.2)`,
    async (t) => {
      const { request, callback } = await rp.code(browser, {
        scope: 'openid notes:read',
        resource: notesApi,
      })
      t.equal(verdict(await rp.redeem(request, callback, { resource })), '400 invalid_target')
    },
  )

for (const resource of [
  'https://nowhere.example.test',
  `${notesApi}/`,
  `${notesApi}?x=1`,
  `${notesApi}#x`,
  notesApi.toUpperCase(),
  '/notes',
  'notes',
  'javascript:alert(1)',
])
  void t.test(`unknown at /authorize: ${resource} (RFC 8707 §2)`, async (t) => {
    const { url } = await rp.request({ scope: 'openid notes:read', resource })
    const { params } = mustReturn(await browser.authorize(url, { person: ada }))
    t.equal(params.get('error'), 'invalid_target')
  })

void t.test('one good resource does not make a bad one good', async (t) => {
  const { params, url } = await rp.request({ scope: 'openid notes:read', resource: notesApi })
  params.append('resource', 'https://nowhere.example.test')
  const landing = await browser.authorize(`${url.replace(/\?.*$/, '')}?${params}`, { person: ada })
  t.equal(mustReturn(landing).params.get('error'), 'invalid_target')
})

void t.test(
  'a client gets no scope of an API through resource that it does not have',
  async (t) => {
    const other = new RelyingParty(provider, rival)
    const { url } = await other.request({ scope: 'openid', resource: photosApi })
    const { params } = mustReturn(await browser.authorize(url, { person: ada }))
    if (params.get('error') === null) {
      const { request, callback } = await other.code(browser, {
        scope: 'openid',
        resource: photosApi,
      })
      const { accessToken } = tokensOf(await other.redeem(request, callback))
      for (const name of ['photos:read', 'photos:admin'])
        t.notOk(scopesOf(accessToken).includes(name), name)
    } else t.match(params.get('error'), /^(invalid_target|access_denied|invalid_scope)$/)
  },
)

void t.test(
  'client_credentials with two resources is one token for one API, or none',
  async (t) => {
    const form = formOf({ grant_type: 'client_credentials', scope: 'notes:read' })
    form.append('resource', notesApi)
    form.append('resource', photosApi)
    const answer = await provider.token([...form], judge.authentication)
    if (answer.status === 200) t.equal(audienceOf(tokensOf(answer).accessToken), notesApi)
    else t.match(verdict(answer), /^400 invalid_(target|request)$/)
  },
)
