import t from 'tap'
import { accountApi, accountClients, keeper, problemOf, stranger } from '../helpers/account-api.ts'
import { Browser } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { schemaFaults } from '../helpers/json-schema.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { verdict } from '../helpers/provider.ts'
import { registering } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord, jsonOf, send } from '../helpers/wire.ts'
import { ada, adaClaims, bob, judge, world } from '../helpers/world.ts'

t.setTimeout(120_000)

const people = ['grace', 'joan', 'mary', 'hedy', 'karen', 'annie', 'radia', 'sophie'] as const
const person = (name: (typeof people)[number]) => ({
  email: `${name}@example.test`,
  password: `a long enough pass phrase of ${name}`,
})
const config = world({ access_token_ttl_seconds: 3600 }, [...accountClients])
const users: unknown[] = 'users' in config && Array.isArray(config.users) ? config.users : []
const identity = await startIdentity(t, {
  config: {
    ...config,
    users: [...users, ...people.map((name) => ({ ...person(name), email_verified: true }))],
  },
})
const api = accountApi(identity)
const { mailTo, mailsTo, signsIn } = registering(identity)

const document = jsonOf(await send(`${identity.issuer}/openapi.json`))
const components = recordAt(document, 'components', 'schemas')

/** Checks an answer against what the document says of it, member by member. */
function fits(answer: Answer, method: string, path: string): string[] {
  const described = recordAt(document, 'paths', `/account/api/v1${path}`, method, 'responses')
  const response = described[String(answer.status)]
  if (!isRecord(response)) return [`${answer.status} is not described: ${answer.body}`]
  if (!isRecord(response['content'])) return answer.body === '' ? [] : ['a body is not described']
  const schema = recordAt(response, 'content', 'application/json', 'schema')
  return schemaFaults(jsonOf(answer), schema, components)
}

void t.test('the profile: the standard claims, and no more', async (t) => {
  const answer = await api.call(await api.tokenOf(), 'GET', '/profile')
  t.equal(answer.status, 200)
  t.same(fits(answer, 'get', '/profile'), [])
  const { address, ...flat } = adaClaims
  t.match(jsonOf(answer), flat)
  t.same(jsonOf(answer)['address'], address)
})

void t.test('the profile is changed: left out stays, null removes', async (t) => {
  const token = await api.tokenOf()
  const change = {
    nickname: 'Countess',
    gender: null,
    address: { locality: 'Ockham', region: null },
  }
  const answer = await api.call(token, 'PATCH', '/profile', change)
  t.equal(answer.status, 200)
  t.same(fits(answer, 'patch', '/profile'), [])
  const now = jsonOf(await api.call(token, 'GET', '/profile'))
  t.same(jsonOf(answer), now, 'the answer is what is kept')
  t.equal(now['nickname'], 'Countess')
  t.equal(now['given_name'], 'Ada')
  t.notOk('gender' in now)
  t.match(now['address'], { locality: 'Ockham', street_address: adaClaims.address.street_address })
  t.notMatch(JSON.stringify(now['address']), /England/)

  const number = jsonOf(
    await api.call(token, 'PATCH', '/profile', { phone_number: '+44 20 7946 0999' }),
  )
  t.equal(number['phone_number_verified'], false, 'another number is not proved')
  t.notOk('address' in jsonOf(await api.call(token, 'PATCH', '/profile', { address: null })))
  t.same(
    jsonOf(await api.call(token, 'PATCH', '/profile', {})),
    jsonOf(await api.call(token, 'GET', '/profile')),
  )
})

const faultyProfiles: readonly (readonly [unknown, string])[] = [
  [{ picture: 'javascript:alert(1)' }, '422 invalid_input #/picture'],
  [{ picture: 'http://example.test/p.png' }, '422 invalid_input #/picture'],
  [{ website: 'data:text/html,x' }, '422 invalid_input #/website'],
  [{ birthdate: '1815-13-40' }, '422 invalid_input #/birthdate'],
  [{ name: 'a\u202eb' }, '422 invalid_input #/name'],
  [{ address: { locality: 'x'.repeat(300) } }, '422 invalid_input #/address/locality'],
  [{ name: 'x'.repeat(3000), phone_number: '12' }, '422 invalid_input #/name #/phone_number'],
  [{ name: 5 }, '422 invalid_input #/name'],
  [{ name: ['Ada'] }, '422 invalid_input #/name'],
  [{ name: { first: 'Ada' } }, '422 invalid_input #/name'],
  [{ address: 'London' }, '422 invalid_input #/address'],
  [{ address: { planet: 'Earth' } }, '422 invalid_input #/address/planet'],
  [{ sub: 'eve' }, '422 invalid_input #/sub'],
  [{ email: 'eve@evil.test' }, '422 invalid_input #/email'],
  [{ email_verified: true }, '422 invalid_input #/email_verified'],
  [{ phone_number_verified: true }, '422 invalid_input #/phone_number_verified'],
  [{ roles: ['admin'] }, '422 invalid_input #/roles'],
  [{ 'a/b~c': 1 }, '422 invalid_input #/a~1b~0c'],
  [{ constructor: 1 }, '422 invalid_input #/constructor'],
  ['{"__proto__":{"name":"x"}}', '422 invalid_input #/__proto__'],
  ['{"name":"a","name":"b"}', '400 malformed'],
  ['{"name":"\\u0000"}', '400 malformed'],
  ['{"name":"\\ud800"}', '400 malformed'],
  ['[]', '422 invalid_input #'],
  ['null', '422 invalid_input #'],
  ['"name"', '422 invalid_input #'],
  ['', '422 invalid_input #'],
  ['{', '400 malformed'],
  ['['.repeat(20_000), '400 malformed'],
  [`${'{"name":'.repeat(200)}1${'}'.repeat(200)}`, '400 malformed'],
  [{ name: 'x'.repeat(1_000_000) }, '413 too_large'],
]
void t.test('a faulty change changes nothing and names each place', async (t) => {
  const token = await api.tokenOf()
  const before = (await api.call(token, 'GET', '/profile')).body
  for (const [body, expected] of faultyProfiles) {
    const answer = await api.call(token, 'PATCH', '/profile', body)
    t.equal(problemOf(answer), expected, JSON.stringify(body).slice(0, 60))
  }
  t.equal((await api.call(token, 'GET', '/profile')).body, before)
})

void t.test('the e-mail address: asked, cancelled, asked again, proved by the code', async (t) => {
  const grace = person('grace')
  const token = await api.tokenOf(grace)
  const first = await api.call(token, 'GET', '/email')
  t.same(fits(first, 'get', '/email'), [])
  t.same(jsonOf(first), { email: grace.email, email_verified: true, pending: null })

  const asked = await api.call(token, 'POST', '/email/change', { email: ' Hopper@Example.test ' })
  t.equal(asked.status, 202)
  t.same(fits(asked, 'post', '/email/change'), [])
  t.equal(jsonOf(asked)['email'], 'hopper@example.test')
  const waiting = await api.call(token, 'GET', '/email')
  t.same(fits(waiting, 'get', '/email'), [])
  t.match(jsonOf(waiting), { email: grace.email, pending: { email: 'hopper@example.test' } })
  t.match((await mailTo(grace.email)).link, /\/not-me\?token=/, 'the old mailbox is told')

  const cancelled = await api.call(token, 'DELETE', '/email/change')
  t.equal(cancelled.status, 204)
  t.equal(cancelled.body, '')
  t.equal(problemOf(await api.call(token, 'DELETE', '/email/change')), '404 not_found')
  const { code: old } = await mailTo('hopper@example.test')
  const stale = await api.call(token, 'POST', '/email/change/confirm', { code: old })
  t.equal(problemOf(stale), '409 conflict', 'a cancelled change is proved by nothing')

  await api.call(token, 'POST', '/email/change', { email: 'hopper@example.test' })
  const { code } = await mailTo('hopper@example.test')
  const wrong = code === '000000' ? '000001' : '000000'
  const refused = await api.call(token, 'POST', '/email/change/confirm', { code: wrong })
  t.equal(problemOf(refused), '422 invalid_input #/code')
  const foreign = await api.call(await api.tokenOf(bob), 'POST', '/email/change/confirm', { code })
  t.equal(problemOf(foreign), '409 conflict', 'the code is that person’s alone')

  const proved = await api.call(token, 'POST', '/email/change/confirm', { code })
  t.equal(proved.status, 200)
  t.same(fits(proved, 'post', '/email/change/confirm'), [])
  t.same(jsonOf(proved), { email: 'hopper@example.test', email_verified: true, pending: null })
  t.same(jsonOf(await api.call(token, 'GET', '/email')), jsonOf(proved))
  const again = await api.call(token, 'POST', '/email/change/confirm', { code })
  t.equal(problemOf(again), '409 conflict', 'a code works once')
})

void t.test('a taken address looks like a free one', async (t) => {
  const token = await api.tokenOf(person('joan'))
  const free = await api.call(token, 'POST', '/email/change', { email: 'nobody@example.test' })
  const taken = await api.call(token, 'POST', '/email/change', { email: bob.email })
  t.equal(taken.status, free.status)
  const shape = (answer: Answer) => ({
    names: Object.keys(jsonOf(answer)),
    headers: [...answer.headers.keys()].filter((name) => name !== 'date'),
  })
  t.same(shape(taken), shape(free))
  const [mail] = await mailsTo(bob.email)
  t.equal(mail?.code, '', 'that mailbox gets no code')
})

void t.test('an address that is none, or is in force, is not asked for', async (t) => {
  const token = await api.tokenOf(bob)
  for (const email of [
    '',
    'bob',
    'a@b@c.test',
    'bob@example.test\r\nBcc: eve@evil.test',
    bob.email.toUpperCase(),
  ])
    t.equal(
      problemOf(await api.call(token, 'POST', '/email/change', { email })),
      '422 invalid_input #/email',
      JSON.stringify(email),
    )
})

void t.test('twenty tries at once with the right code: one counts', async (t) => {
  const token = await api.tokenOf(person('mary'))
  await api.call(token, 'POST', '/email/change', { email: 'somerville@example.test' })
  const { code } = await mailTo('somerville@example.test')
  const tries = Array.from({ length: 20 }, () =>
    api.call(token, 'POST', '/email/change/confirm', { code }),
  )
  const answers = await Promise.all(tries)
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.ok(answers.every(({ status }) => [200, 409, 422].includes(status)))
})

void t.test('the password is changed, and other devices are signed out', async (t) => {
  const hedy = person('hedy')
  const token = await api.tokenOf(hedy)
  const other = await api.signedIn(hedy, { scope: 'openid offline_access account' })
  const fresh = 'frequency hopping in spread spectrum'
  const change = { current_password: hedy.password, new_password: fresh }
  const answer = await api.call(token, 'POST', '/password', change)
  t.equal(answer.status, 204)
  t.equal(answer.body, '')
  t.notOk(await signsIn(hedy.email, hedy.password))
  t.ok(await signsIn(hedy.email, fresh))
  t.equal((await api.call(token, 'GET', '/profile')).status, 200, 'this session goes on')
  t.equal(problemOf(await api.call(other.accessToken, 'GET', '/profile')), '401 invalid_token')
  const refreshed = await new RelyingParty(api.provider, keeper.client).refresh(other.refreshToken)
  t.equal(verdict(refreshed), '400 invalid_grant')
  t.match((await mailTo(hedy.email)).link, /\/not-me\?token=/, 'the person is told')
})

void t.test('other devices stay when that is asked for', async (t) => {
  const karen = person('karen')
  const token = await api.tokenOf(karen)
  const other = await api.tokenOf(karen)
  const change = {
    current_password: karen.password,
    new_password: 'minimal surfaces and gauge theory',
    sign_out_others: false,
  }
  t.equal((await api.call(token, 'POST', '/password', change)).status, 204)
  t.equal((await api.call(other, 'GET', '/profile')).status, 200)
})

void t.test('a password that will not do, and a wrong current one, change nothing', async (t) => {
  const annie = person('annie')
  const token = await api.tokenOf(annie)
  const fresh = 'stellar classification by temperature'
  const current = annie.password
  for (const [body, expected] of [
    [{ current_password: 'wrong wrong wrong', new_password: fresh }, '#/current_password'],
    [{ new_password: fresh }, '#/current_password'],
    [{ current_password: current, new_password: 'short' }, '#/new_password'],
    [{ current_password: current, new_password: '' }, '#/new_password'],
    [{ current_password: current, new_password: 'x'.repeat(2000) }, '#/new_password'],
    [{ current_password: current, new_password: current }, '#/new_password'],
    [{ current_password: current }, '#/new_password'],
    [
      { current_password: current, new_password: fresh, sign_out_others: 'no' },
      '#/sign_out_others',
    ],
    [{ current_password: current, new_password: fresh, user_id: 'x' }, '#/user_id'],
    [{ current_password: [current], new_password: fresh }, '#/current_password'],
  ] as const) {
    const answer = await api.call(token, 'POST', '/password', body)
    t.equal(problemOf(answer), `422 invalid_input ${expected}`)
    t.notOk(answer.body.includes(current), 'no secret comes back')
  }
  t.ok(await signsIn(annie.email, annie.password))
})

void t.test('fifty wrong current passwords at once: ten are looked at', async (t) => {
  const radia = person('radia')
  const token = await api.tokenOf(radia)
  const body = { current_password: 'wrong', new_password: 'spanning trees that never loop' }
  const tries = Array.from({ length: 50 }, () => api.call(token, 'POST', '/password', body))
  const answers = await Promise.all(tries)
  const looked = answers.filter(({ status }) => status === 422).length
  t.ok(looked <= 10 && looked > 0, `${looked} were looked at`)
  for (const answer of answers.filter(({ status }) => status === 429)) {
    t.equal(problemOf(answer), '429 too_many_requests')
    t.match(answer.headers.get('retry-after'), /^[1-9]\d*$/)
  }
})

void t.test('devices are listed and signed out; another person’s are not found', async (t) => {
  const mine = await api.signedIn(bob)
  const other = await api.signedIn(bob)
  const list = await api.call(mine.accessToken, 'GET', '/sessions')
  t.same(fits(list, 'get', '/sessions'), [])
  const sessions = listOf(jsonOf(list), 'sessions')
  t.equal(sessions.filter((session) => session['current'] === true).length, 1)
  t.equal(sessions[0]?.['id'], decodeJwt(mine.accessToken).claims['sid'], 'the own one is first')

  const foreign = String(decodeJwt(await api.tokenOf(ada)).claims['sid'])
  for (const id of [
    foreign,
    foreign.toUpperCase(),
    '00000000-0000-7000-8000-000000000000',
    'x',
    '%00',
    '..',
    "'",
  ])
    t.equal(
      problemOf(await api.call(mine.accessToken, 'DELETE', `/sessions/${id}`)),
      '404 not_found',
      id,
    )

  const id = String(decodeJwt(other.accessToken).claims['sid'])
  const ended = await api.call(mine.accessToken, 'DELETE', `/sessions/${id}`)
  t.equal(ended.status, 204)
  t.equal(problemOf(await api.call(other.accessToken, 'GET', '/profile')), '401 invalid_token')
  const twice = await api.call(mine.accessToken, 'DELETE', `/sessions/${id}`)
  t.equal(twice.status, 204, 'repeated')

  await api.signedIn(bob)
  const all = await api.call(mine.accessToken, 'DELETE', '/sessions')
  t.same(fits(all, 'delete', '/sessions'), [])
  t.ok(Number(jsonOf(all)['ended']) >= 1)
  const left = listOf(jsonOf(await api.call(mine.accessToken, 'GET', '/sessions')), 'sessions')
  t.same(
    left.map((session) => session['current']),
    [true],
  )
})

void t.test('connected applications are listed in words, and taken back', async (t) => {
  const token = await api.tokenOf(ada)
  const asked = await api.signedIn(ada, { scope: 'openid offline_access account' }, stranger.client)
  const answer = await send(`${api.base}/apps`, {
    headers: { authorization: `Bearer ${token}`, 'accept-language': 'de' },
  })
  t.same(fits(answer, 'get', '/apps'), [])
  const app = listOf(jsonOf(answer), 'apps').find((one) => one['client_id'] === 'stranger')
  t.match(app, { name: 'The stranger app', asked: true, offline: true })
  const permissions = listOf(app ?? {}, 'permissions')
  t.match(
    permissions.find(({ scope }) => scope === 'account')?.['description'],
    /^Ihr Konto verwalten/,
  )

  const others = await api.signedIn(bob, { scope: 'openid account' }, stranger.client)
  const withdrawn = await api.call(token, 'DELETE', '/apps/stranger')
  t.equal(withdrawn.status, 204)
  t.equal(problemOf(await api.call(asked.accessToken, 'GET', '/profile')), '401 invalid_token')
  const refreshed = await new RelyingParty(api.provider, stranger.client).refresh(
    asked.refreshToken,
  )
  t.equal(verdict(refreshed), '400 invalid_grant')
  t.equal((await api.call(others.accessToken, 'GET', '/profile')).status, 200, 'only this person’s')
  const again = await api.call(token, 'DELETE', '/apps/stranger')
  t.equal(again.status, 204, 'repeated')
  for (const id of ['nobody', '%00', 'a%2Fb', '%F0%9F%A6%8A', 'x'.repeat(300)])
    t.equal(problemOf(await api.call(token, 'DELETE', `/apps/${id}`)), '404 not_found', id)
})

void t.test('the security log, page by page', async (t) => {
  const token = await api.tokenOf(ada)
  const whole = await api.call(token, 'GET', '/security-log?limit=200')
  t.same(fits(whole, 'get', '/security-log'), [])
  const events = listOf(jsonOf(whole), 'events')
  t.ok(events.length > 5)
  const first = jsonOf(await api.call(token, 'GET', '/security-log?limit=2'))
  const older = String(first['older'])
  const second = jsonOf(await api.call(token, 'GET', `/security-log?limit=2&before=${older}`))
  t.same([...listOf(first, 'events'), ...listOf(second, 'events')], events.slice(0, 4))
  const changes = jsonOf(await api.call(token, 'GET', '/security-log?kind=change'))
  t.ok(listOf(changes, 'events').every(({ kind }) => kind === 'change'))

  const foreign = jsonOf(
    await api.call(await api.tokenOf(bob), 'GET', `/security-log?before=${older}`),
  )
  t.same(foreign, { events: [], older: null }, 'the event of another says nothing')
})

for (const query of [
  'limit=0',
  'limit=201',
  'limit=-1',
  'limit=1e2',
  'limit=0x10',
  'limit=',
  'limit=1&limit=2',
  'before=x',
  'before=%00',
  'kind=all',
  'user_id=x',
  'limit[]=1',
])
  void t.test(`the security log refuses ?${query}`, async (t) => {
    const answer = await api.call(await api.tokenOf(), 'GET', `/security-log?${query}`)
    t.match(problemOf(answer), /^422 invalid_input [\w[\]]+$/)
  })

void t.test('everything that is kept, as one document', async (t) => {
  const { accessToken, refreshToken } = await api.signedIn(ada, {
    scope: 'openid offline_access account',
  })
  const answer = await api.call(accessToken, 'GET', '/data')
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^application\/json/)
  t.same(fits(answer, 'get', '/data'), [])
  t.match(recordAt(jsonOf(answer), 'account'), { email: ada.email })
  for (const secret of [accessToken, refreshToken, bob.email, '$argon2', 'token_hash'])
    t.notOk(answer.body.includes(secret), secret.slice(0, 12))
})

void t.test('the account is deleted by its address, and everything ends at once', async (t) => {
  const sophie = person('sophie')
  const { accessToken, refreshToken } = await api.signedIn(sophie, {
    scope: 'openid offline_access account',
  })
  for (const confirm of ['', 'yes', bob.email, `${sophie.email}x`])
    t.equal(
      problemOf(await api.call(accessToken, 'POST', '/deletion', { confirm })),
      '422 invalid_input #/confirm',
      confirm,
    )
  const answer = await api.call(accessToken, 'POST', '/deletion', {
    confirm: ` ${sophie.email.toUpperCase()}`,
  })
  t.equal(answer.status, 202)
  t.same(fits(answer, 'post', '/deletion'), [])
  t.equal(jsonOf(answer)['can_be_kept'], true)
  t.equal(problemOf(await api.call(accessToken, 'GET', '/profile')), '401 invalid_token')
  t.equal(
    problemOf(await api.call(accessToken, 'POST', '/deletion', { confirm: sophie.email })),
    '401 invalid_token',
  )
  const refreshed = await new RelyingParty(api.provider, keeper.client).refresh(refreshToken)
  t.equal(verdict(refreshed), '400 invalid_grant')
  t.match((await mailTo(sophie.email)).link, /\/keep-account\?token=/)
  t.notOk(await signsIn(sophie.email, sophie.password))
})

void t.test('the only administrator stays', async (t) => {
  const answer = await api.call(await api.tokenOf(ada), 'POST', '/deletion', { confirm: ada.email })
  t.equal(problemOf(answer), '409 conflict')
})

void t.test('changes show on the pages and at userinfo at once', async (t) => {
  const browser = new Browser(identity.issuer)
  const { accessToken } = await api.signedIn(bob, {}, keeper.client, browser)
  await api.call(accessToken, 'PATCH', '/profile', { name: 'Robert Babbage' })
  const { tokens } = await new RelyingParty(api.provider, judge).signIn(browser, {
    scope: 'openid profile',
  })
  t.equal(jsonOf(await api.provider.userinfo(tokens.accessToken))['name'], 'Robert Babbage')
})

function recordAt(value: unknown, ...path: readonly string[]): Record<string, unknown> {
  let current = value
  for (const name of path) current = isRecord(current) ? current[name] : undefined
  if (!isRecord(current)) throw new Error(`nothing at ${path.join(' ')}`)
  return current
}

function listOf(value: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = value[name]
  if (!Array.isArray(list)) throw new Error(`${name} is no list`)
  return list.filter(isRecord)
}
