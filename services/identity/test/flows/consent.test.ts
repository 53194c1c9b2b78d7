import t from 'tap'
import { Browser, fieldOf, formWith, mustReturn, stepOf } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { ada, asker, bob, judge, legacy, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, asker)
const newBrowser = () => new Browser(identity.issuer)

/** A signed-in browser at the consent page. */
async function consentPage(browser = newBrowser(), changes: Changes = {}, person = ada) {
  const request = await rp.request({ scope: 'openid email notes:read', ...changes })
  const { answer } = await browser.authorize(request.url, { person })
  if (stepOf(answer) !== 'consent') throw new Error(`no consent page: ${answer.url}`)
  return { browser, request, page: answer }
}

async function asks(browser: Browser, scope = 'openid email notes:read'): Promise<boolean> {
  const { url } = await rp.request({ scope, prompt: 'none' })
  const { params } = mustReturn(await browser.authorize(url))
  if (params.has('code')) return false
  if (params.get('error') === 'consent_required') return true
  throw new Error(`unexpected: ${params}`)
}

void t.test('a first-party client asks nothing; prompt=consent asks even then', async (t) => {
  const own = new RelyingParty(provider, judge)
  const browser = newBrowser()
  t.same((await own.signIn(browser)).landing.steps, ['login'])
  t.same((await own.signIn(browser, { prompt: 'consent' })).landing.steps, ['consent'])
})

void t.test('the page says who asks, for what, as whom, and where one goes next', async (t) => {
  const { page } = await consentPage()
  const words = textOf(page.body)
  for (const said of ['The asker app', ada.email, 'Read your notes', 'asker.example.test'])
    t.match(words, said)
  t.notMatch(words, 'Change your notes', 'only what was asked')
  t.match(page.headers.get('cache-control'), /no-store/)
  for (const value of ['allow', 'deny', 'switch'])
    t.ok(formWith(page, [], { name: 'decision', value }), value)
})

void t.test('deny: access_denied with state and iss (RFC 6749 §4.1.2.1)', async (t) => {
  const { browser, request, page } = await consentPage()
  const { params, uri } = mustReturn(await browser.walk(await browser.decide(page, 'deny')))
  t.equal(uri, asker.redirectUri)
  t.same(
    [params.get('error'), params.get('state'), params.get('iss'), params.get('code')],
    ['access_denied', request.state, identity.issuer, null],
  )
})

void t.test('deny is not remembered, and takes back nothing given before', async (t) => {
  const bobs = newBrowser()
  const first = await consentPage(bobs, {}, bob)
  await bobs.decide(first.page, 'deny')
  t.ok(await asks(bobs), 'asked again')
  const second = await consentPage(bobs, {}, bob)
  await bobs.decide(second.page, 'allow')
  t.notOk(await asks(bobs))
  const more = await consentPage(bobs, { scope: 'openid email notes:read notes:write' }, bob)
  await bobs.decide(more.page, 'deny')
  t.notOk(await asks(bobs), 'what was allowed stays allowed')
  t.ok(await asks(bobs, 'openid notes:write'), 'what was denied does not')
})

void t.test('allow is remembered: per person, per client, per scope', async (t) => {
  const browser = newBrowser()
  const { page } = await consentPage(browser)
  t.ok(mustReturn(await browser.walk(await browser.decide(page, 'allow'))).params.has('code'))
  t.notOk(await asks(browser), 'the same again: silent')
  t.notOk(await asks(browser, 'openid notes:read'), 'less: silent')
  t.ok(await asks(browser, 'openid notes:write'), 'other: asked')
  t.ok(await asks(browser, 'openid email notes:read offline_access'), 'more: asked')
  const elsewhere = newBrowser()
  const landing = await elsewhere.authorize(
    (await rp.request({ scope: 'openid email notes:read' })).url,
    { person: ada },
  )
  t.same(landing.steps, ['login'], 'the same person at another browser: silent')
  const other = new RelyingParty(provider, legacy)
  const request = await other.request({ scope: 'openid email notes:read', prompt: 'none' })
  const { params } = mustReturn(await browser.authorize(request.url))
  t.equal(params.get('error'), 'consent_required', 'another client: asked')
})

void t.test('more scopes ask again; tokens hold only what was allowed', async (t) => {
  const browser = newBrowser()
  const { page, request } = await consentPage(browser, {
    scope: 'openid email notes:read notes:write phone',
  })
  const callback = mustReturn(await browser.walk(await browser.decide(page, 'allow')))
  const { accessToken } = tokensOf(await rp.redeem(request, callback))
  t.same(String(decodeJwt(accessToken).claims['scope']).split(' ').toSorted(), [
    'email',
    'notes:read',
    'notes:write',
    'openid',
    'phone',
  ])
})

void t.test(
  'prompt=consent asks again though consent is there (OIDC Core 1.0 §3.1.2.1)',
  async (t) => {
    const browser = newBrowser()
    await rp.signIn(browser, { scope: 'openid email notes:read' })
    const { page } = await consentPage(browser, { prompt: 'consent' })
    t.equal(stepOf(page), 'consent')
    const again = await browser.walk(await browser.decide(page, 'allow'))
    t.ok(mustReturn(again).params.has('code'), 'once, not for ever')
  },
)

void t.test('an answer of before does not meet a prompt=consent of now', async (t) => {
  const browser = newBrowser()
  const first = await consentPage(browser, { prompt: 'consent' })
  await browser.decide(first.page, 'allow')
  identity.clock.advance(2)
  const second = await consentPage(browser, { prompt: 'consent' })
  t.equal(stepOf(second.page), 'consent')
})

void t.test('without scripts and without an answer nothing is given', async (t) => {
  const browser = newBrowser()
  const { page } = await consentPage(browser, { scope: 'openid address' }, bob)
  await browser.open(page.url)
  await browser.open(`${page.url}&decision=allow`)
  t.ok(await asks(browser, 'openid address'), 'GET never consents')
})

const faults: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
  ['no decision', {}, {}],
  ['an unknown decision', { decision: 'maybe' }, {}],
  ['a decision in other case', { decision: 'ALLOW' }, {}],
  ['a decision with a space', { decision: 'allow ' }, {}],
  ['a CSRF token made up', { decision: 'allow', csrf: 'x'.repeat(43) }, {}],
  ['an empty CSRF token', { decision: 'allow', csrf: '' }, {}],
  ['another site', { decision: 'allow' }, { 'sec-fetch-site': 'cross-site' }],
  ['another Origin', { decision: 'allow' }, { origin: 'https://evil.test', 'sec-fetch-site': '' }],
]
for (const [name, fields, headers] of faults)
  void t.test(`refused: ${name}`, async (t) => {
    const browser = newBrowser()
    const { page } = await consentPage(browser, { scope: 'openid address' }, bob)
    const form = { csrf: fieldOf(page, 'csrf'), ...fields }
    const answer = await browser.post(page.url, form, headers)
    t.match(String(answer.status), /^4\d\d$/)
    t.ok(await asks(browser, 'openid address'))
  })

void t.test('decision repeated is refused', async (t) => {
  const browser = newBrowser()
  const { page } = await consentPage(browser, { scope: 'openid address' }, bob)
  const form = new URLSearchParams({ csrf: fieldOf(page, 'csrf'), decision: 'deny' })
  form.append('decision', 'allow')
  t.match(String((await browser.post(page.url, form)).status), /^4\d\d$/)
  t.ok(await asks(browser, 'openid address'))
})

void t.test('fields of the form cannot widen the scope or turn the way', async (t) => {
  const browser = newBrowser()
  const { page, request } = await consentPage(browser, { scope: 'openid address' }, bob)
  const form = {
    csrf: fieldOf(page, 'csrf'),
    decision: 'allow',
    scope: 'openid address phone',
    redirect_uri: 'https://evil.test/cb',
    client_id: judge.id,
  }
  const answer = await browser.follow(await browser.post(page.url, form))
  const { callback } = await browser.walk(answer)
  if (callback !== undefined) {
    t.equal(callback.uri, asker.redirectUri)
    const { accessToken } = tokensOf(await rp.redeem(request, callback))
    t.notMatch(decodeJwt(accessToken).claims['scope'], 'phone')
  } else t.ok(answer.status >= 400)
  t.ok(await asks(browser, 'openid phone'))
})

void t.test('another person’s page in this browser gives nothing (invariant 7)', async (t) => {
  const [adas, bobs] = [newBrowser(), newBrowser()]
  const hers = await consentPage(adas, { scope: 'openid phone address' })
  await consentPage(bobs, { scope: 'openid phone address' }, bob)
  const stolen = { csrf: fieldOf(hers.page, 'csrf'), decision: 'allow' }
  const answer = await bobs.follow(await bobs.post(hers.page.url, stolen))
  t.equal((await bobs.walk(answer)).callback?.params.has('code') ?? false, false)
  t.ok(await asks(bobs, 'openid phone address'), 'nothing for the one')
  t.ok(await asks(adas, 'openid phone address'), 'nothing for the other')
})

void t.test('nobody signed in: the consent page cannot be answered', async (t) => {
  const { page } = await consentPage(newBrowser(), { scope: 'openid phone address' })
  const nobody = newBrowser()
  const form = { csrf: fieldOf(page, 'csrf'), decision: 'allow' }
  const answer = await nobody.follow(await nobody.post(page.url, form))
  t.ok(answer.status < 500)
  t.equal((await nobody.walk(answer)).callback, undefined)
})

void t.test('somebody else signed in meanwhile: asked again, as oneself', async (t) => {
  const browser = newBrowser()
  const hers = await consentPage(browser, { scope: 'openid phone address' })
  await rp.code(browser, { prompt: 'login' }, { person: bob })
  const answer = await browser.submit(hers.page, {}, { name: 'decision', value: 'allow' })
  const landing = await browser.walk(answer)
  t.equal(landing.callback?.params.has('code') ?? false, false, 'bob allowed nothing')
  t.ok(await asks(browser, 'openid phone address'))
})

void t.test('switch: another person signs in, and is asked as that person', async (t) => {
  const browser = newBrowser()
  const { page, request } = await consentPage(browser, { scope: 'openid profile' })
  const login = await browser.decide(page, 'switch')
  t.equal(stepOf(login), 'login')
  const next = await browser.signIn(login, bob)
  t.equal(stepOf(next), 'consent')
  t.match(textOf(next.body), bob.email)
  const callback = mustReturn(await browser.walk(await browser.decide(next, 'allow')))
  t.equal(callback.params.get('state'), request.state)
  const { idToken } = tokensOf(await rp.redeem(request, callback))
  const expected = await new RelyingParty(provider, judge).signIn(newBrowser(), {}, { person: bob })
  t.equal(decodeJwt(idToken).claims['sub'], decodeJwt(expected.tokens.idToken).claims['sub'])
})

void t.test('double click on Allow: one answer, no error page', async (t) => {
  const { browser, page } = await consentPage(newBrowser(), { prompt: 'consent' })
  const answers = await Promise.all([browser.decide(page, 'allow'), browser.decide(page, 'allow')])
  for (const answer of answers) t.ok(answer.status < 400, `${answer.status}`)
})

void t.test('offline_access is said in words when it is asked', async (t) => {
  const { page } = await consentPage(newBrowser(), {
    scope: 'openid offline_access',
    prompt: 'consent',
  })
  t.ok(
    textOf(page.body).length >
      textOf((await consentPage(newBrowser(), { scope: 'openid', prompt: 'consent' })).page.body)
        .length,
  )
})
