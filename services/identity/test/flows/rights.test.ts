import t from 'tap'

import { createSessionStore } from '../../src/domain/sessions/store.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { textOf } from '../helpers/html.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { ada, asker, everyScope, judge, notesApi, photosApi, world } from '../helpers/world.ts'

// Rights of a token never exceed the client's, the person's and the consent's (invariant 7).
const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, judge)

void t.test('an API named without any of its scopes is no way to a token for it', async (t) => {
  for (const scope of ['openid', 'openid profile', 'openid photos:read']) {
    const { url } = await rp.request({ scope, resource: notesApi })
    const landing = await new Browser(identity.issuer).authorize(url, { person: ada })
    const { params } = mustReturn(landing)
    t.match(params.get('error'), /^invalid_(target|scope)$/, scope)
    t.equal(params.get('code'), null)
  }
})

void t.test(
  'within the grace, another API gets a token of its own, not the wrong one',
  async (t) => {
    const scope = 'openid offline_access notes:read photos:read'
    const request = await rp.request({ scope })
    const url = `${request.url}&resource=${encodeURIComponent(notesApi)}&resource=${encodeURIComponent(photosApi)}`
    const browser = new Browser(identity.issuer)
    const callback = mustReturn(await browser.authorize(url, { person: ada, consent: 'allow' }))
    const { refreshToken } = tokensOf(await rp.redeem(request, callback))
    const ask = async (resource: string) =>
      tokensOf(await rp.refresh(refreshToken, { resource })).accessToken
    const [notes, photos, again] = [await ask(notesApi), await ask(photosApi), await ask(notesApi)]
    t.equal(decodeJwt(notes).claims['aud'], notesApi)
    t.equal(decodeJwt(photos).claims['aud'], photosApi)
    t.equal(again, notes, 'the same request, the same answer')
    t.not(decodeJwt(notes).claims['jti'], decodeJwt(photos).claims['jti'])
    for (const token of [notes, photos]) t.equal((await provider.userinfo(token)).status, 200)
  },
)

void t.test('two APIs that call different things by one name: consent names both', async (t) => {
  const config = world({}, [
    {
      client_id: 'reader',
      client_secret: 'reader-secret-reader-secret-reader',
      redirect_uris: ['https://reader.example.test/cb'],
      scope: 'openid read',
      consent: 'explicit',
    },
  ]) as { resources: object[] }
  const [weather, payroll] = ['https://weather.example.test', 'https://payroll.example.test']
  config.resources.push(
    { identifier: weather, name: 'Weather', scopes: { read: 'Read the weather' } },
    { identifier: payroll, name: 'Payroll', scopes: { read: 'Read the payroll' } },
  )
  const twoApis = await startIdentity(t, { config })
  const client = { ...asker, id: 'reader', redirectUri: 'https://reader.example.test/cb' }
  const reader = new RelyingParty(new Provider(twoApis.issuer), client)
  const { url } = await reader.request({ scope: 'openid read' })
  const both = [weather, payroll].map((api) => `&resource=${encodeURIComponent(api)}`).join('')
  const browser = new Browser(twoApis.issuer)
  const { answer } = await browser.authorize(url + both, { person: ada })
  t.match(textOf(answer.body), 'Read the weather')
  t.match(textOf(answer.body), 'Read the payroll')
})

void t.test('a sign-in made for a request is not one for its replay hours later', async (t) => {
  const browser = new Browser(identity.issuer)
  const { url } = await rp.request({ prompt: 'login', scope: 'openid' })
  const login = await browser.open(url)
  const first = await browser.signIn(login, ada)
  t.ok(mustReturn(await browser.walk(first)).params.has('code'))
  const replay = login.url.replace('/login?', '/authorize?')
  t.ok(
    mustReturn(await browser.walk(await browser.open(replay))).params.has('code'),
    'at once: the back button',
  )
  identity.clock.advance(1200)
  t.match((await browser.open(replay)).url, /\/login\?/)
})

const skip = await withoutPostgres()

void t.test('what operators take away', { skip }, async (t) => {
  const processes = await startProcesses(t, { config: world(), count: 1 })
  const own = new Provider(processes.issuer)
  const app = new RelyingParty(own, judge)
  const { tokens } = await app.signIn(new Browser(processes.issuer), { scope: everyScope })
  const kept = new Browser(processes.issuer)
  await app.signIn(kept)

  await t.test(
    'a disabled account: everything ends, and enabling brings nothing back',
    async (t) => {
      const database = await openDatabase(processes.databaseUrl)
      t.teardown(() => database.close())
      const users = createUserStore(database.db)
      const user = (await users.all()).find(({ email }) => email === ada.email)
      if (user === undefined) throw new Error('ada is missing')
      await users.update(user.id, { disabledAt: new Date() }, new Date())
      t.equal((await own.userinfo(tokens.accessToken)).status, 401)
      t.equal(verdict(await app.refresh(tokens.refreshToken)), '400 invalid_grant')
      await createSessionStore(database.db).endAllOf(user.id, new Date())
      await users.update(user.id, { disabledAt: null }, new Date())
      t.equal(verdict(await app.refresh(tokens.refreshToken)), '400 invalid_grant')
      const { url } = await app.request({ prompt: 'none' })
      t.equal(mustReturn(await kept.authorize(url)).params.get('error'), 'login_required')
    },
  )
})

void t.test('scopes taken from a client are gone from its grants', { skip }, async (t) => {
  const before = world() as { clients: { client_id: string; scope: string }[] }
  const processes = await startProcesses(t, { config: before, count: 1 })
  const app = new RelyingParty(new Provider(processes.issuer), judge)
  const { tokens } = await app.signIn(new Browser(processes.issuer), { scope: everyScope })
  await processes.kill9(0)
  const reduced = before.clients.map((client) =>
    client.client_id === judge.id
      ? { ...client, scope: 'openid offline_access notes:read' }
      : client,
  )
  processes.reconfigure({ ...before, clients: reduced })
  await processes.restart(0)
  const after = await app.refresh(tokens.refreshToken)
  t.equal(after.status, 200)
  t.same(String(tokensOf(after).json['scope']).split(' ').toSorted(), [
    'notes:read',
    'offline_access',
    'openid',
  ])
})
