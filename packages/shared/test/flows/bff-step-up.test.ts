import t from 'tap'
import { createBrowser } from '../helpers/browser.ts'
import { baseUrl, setUpBff } from '../helpers/bff-world.ts'

interface Refusal {
  readonly error: string
  readonly login_url: string
}

const asked = (location: unknown) => new URL(String(location)).searchParams

await t.test('an API wants more: what to do stands in the answer, and then it works', async (t) => {
  const { browser, issuer, seen } = await setUpBff(t)
  await browser.signIn()
  const tokens = issuer.count('/token')
  const refused = await browser.call('/bff/api/danger', { method: 'POST' })
  t.equal(refused.statusCode, 401)
  t.match(refused.json(), {
    error: 'insufficient_user_authentication',
    login_url: '/bff/login?acr_values=aal2&max_age=300',
  })
  t.match(refused.headers['www-authenticate'], 'error="insufficient_user_authentication"')
  t.equal(issuer.count('/token'), tokens, 'a refresh would prove nothing more')
  t.equal(seen.length, 0)
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200, 'the session goes on')

  const { login_url: login } = refused.json<Refusal>()
  const away = await browser.send(`${login}&return_to=/danger%3Fnow`)
  t.match(Object.fromEntries(asked(away.headers.location)), {
    acr_values: 'aal2',
    max_age: '300',
    login_hint: 'ada@example.test',
  })
  const back = await browser.signIn(`${login}&return_to=/danger%3Fnow`)
  t.equal(back.headers.location, `${baseUrl}/danger?now`)
  const done = await browser.call('/bff/api/danger', { method: 'POST' })
  t.equal(done.statusCode, 200)
  t.same(done.json(), { acr: 'aal2' })
})

await t.test('a refreshed token is no newer proof', async (t) => {
  const { browser, clock } = await setUpBff(t)
  await browser.signIn('/bff/login?acr_values=aal2&max_age=300')
  t.equal((await browser.call('/bff/api/danger', { method: 'POST' })).statusCode, 200)
  clock.now += 301_000
  t.equal((await browser.call('/bff/api/danger', { method: 'POST' })).statusCode, 401)
  clock.now += 595_000
  t.equal((await browser.call('/bff/api/notes')).statusCode, 200, 'refreshed')
  t.equal((await browser.call('/bff/api/danger', { method: 'POST' })).statusCode, 401)
})

await t.test('an issuer that does not do as asked', async (t) => {
  const { browser, issuer, clock } = await setUpBff(t)
  await browser.signIn()
  const login = '/bff/login?acr_values=aal2&max_age=300'
  const seconds = Math.floor(clock.now / 1000)
  issuer.settings.authentication = { acr: 'aal1' }
  t.equal((await browser.signIn(login)).statusCode, 303, 'acr_values are a wish')
  t.equal((await browser.call('/bff/api/danger', { method: 'POST' })).statusCode, 401)

  issuer.settings.authentication = { authTime: seconds - 310 }
  t.equal((await browser.signIn(login)).statusCode, 400, 'max_age is not')
  issuer.settings.authentication = { authTime: seconds - 299 }
  issuer.settings.idTokenClaims = { auth_time: undefined }
  t.equal((await browser.signIn(login)).statusCode, 400, 'not even a time')
  issuer.settings.idTokenClaims = {}
  const url = await browser.callbackUrl(login)
  clock.now += 120_000
  const late = await browser.send(url.pathname + url.search)
  t.equal(late.statusCode, 303, 'two minutes at the consent page are not counted')
  t.equal((await browser.call('/bff/api/danger', { method: 'POST' })).statusCode, 401)
  issuer.settings.authentication = { authTime: seconds - 9999 }
  t.equal((await browser.signIn()).statusCode, 303, 'nobody asked')
})

await t.test('nothing else of an address reaches the issuer', async (t) => {
  const { app, browser } = await setUpBff(t)
  const stranger = createBrowser(app)
  const plain = [...asked((await stranger.send('/bff/login')).headers.location).keys()]
  for (const query of [
    'prompt=none&client_id=evil&scope=admin&redirect_uri=https://evil.example&login_hint=x&state=y',
    'acr_values=aal2&acr_values=aal3',
    'acr_values=a%22b',
    'acr_values[]=aal2&max_age[x]=1',
    'max_age=-1',
    'max_age=1e9&acr_values=%0d%0a',
    'max_age=300&max_age=0',
  ]) {
    const away = await stranger.send(`/bff/login?${query}`)
    t.equal(away.statusCode, 303, query)
    const sent = asked(away.headers.location)
    t.same([...sent.keys()], plain, query)
    t.equal(sent.get('client_id'), 'test-client')
  }
  const stepUp = await stranger.send('/bff/login?acr_values=aal2')
  t.equal(asked(stepUp.headers.location).has('login_hint'), false, 'nobody is signed in')
  await browser.signIn()
  const again = await browser.send('/bff/login')
  t.equal(asked(again.headers.location).has('login_hint'), false, 'no step-up')
})

await t.test('a refusal that is none of ours passes as it is', async (t) => {
  const { browser, start, api } = await setUpBff(t)
  await browser.signIn()
  const answers: [string, Record<string, string>][] = [
    ['a 401 with another challenge', { 'www-authenticate': 'Bearer error="invalid_token"' }],
    ['a 401 without one', {}],
  ]
  for (const [name, headers] of answers) {
    const app = await start({ apiFetch: async () => new Response('{}', { status: 401, headers }) })
    const other = createBrowser(app, new Map(browser.cookies))
    const answer = await other.call('/bff/api/notes')
    t.equal(answer.statusCode, 401, name)
    t.equal(answer.body, '{}', name)
  }
  const forbidden = { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' }
  const app = await start({
    apiFetch: async () => new Response('{}', { status: 403, headers: forbidden }),
  })
  const answer = await createBrowser(app, new Map(browser.cookies)).call('/bff/api/notes')
  t.equal(answer.statusCode, 403)
  t.equal(answer.body, '{}')
  t.ok(api)
})
