import { createTestKey } from '@signet/shared/testing'
import t from 'tap'
import { setUp } from '../helpers/world.ts'

const BOTH = 'notes:read notes:write'

interface NoteBody {
  id: string
  text: string
}
interface NotesBody {
  notes: NoteBody[]
}

await t.test('notes are read and written with their scopes', async (t) => {
  const { mint, as } = await setUp(t)
  const ada = as(await mint({ sub: 'ada', scope: BOTH }))
  const added = await ada('POST', '/notes', { text: '  hello  ' })
  t.equal(added.statusCode, 201)
  t.match(added.json(), { text: 'hello', owner: 'ada' })
  t.equal(added.headers.location, `/notes/${added.json<NoteBody>().id}`)
  t.same((await ada('GET', '/notes')).json(), { notes: [added.json()] })

  const bob = as(await mint({ sub: 'bob', scope: BOTH }))
  t.same((await bob('GET', '/notes')).json(), { notes: [] }, 'others see nothing of it')
  t.equal((await bob('GET', '/notes?all=true')).statusCode, 403)

  const reader = as(await mint({ sub: 'ada', scope: 'notes:read' }))
  t.equal((await reader('GET', '/notes')).json<NotesBody>().notes.length, 1)
  const refused = await reader('POST', '/notes', { text: 'x' })
  t.equal(refused.statusCode, 403)
  t.match(refused.headers['www-authenticate'], 'error="insufficient_scope"')
  t.match(refused.headers['www-authenticate'], 'scope="notes:write"')
  const writer = as(await mint({ scope: 'notes:write' }))
  t.equal((await writer('GET', '/notes')).statusCode, 403)
})

await t.test('an admin sees all and may delete any; nobody else deletes', async (t) => {
  const { mint, as } = await setUp(t)
  const ada = as(await mint({ sub: 'ada', scope: BOTH }))
  const { id } = (await ada('POST', '/notes', { text: 'x' })).json<NoteBody>()
  t.equal((await ada('DELETE', `/notes/${id}`)).statusCode, 403, 'not even her own')
  const roles = ['admin']
  const root = as(await mint({ sub: 'root', scope: 'notes:read', roles }))
  t.same(
    (await root('GET', '/notes')).json<NotesBody>().notes,
    [],
    'own ones when not asked for all',
  )
  t.equal((await root('GET', '/notes?all=true')).json<NotesBody>().notes.length, 1)
  t.equal((await root('DELETE', '/notes/unknown')).statusCode, 404)
  t.equal((await root('DELETE', `/notes/${id}`)).statusCode, 204)
  t.equal((await root('DELETE', `/notes/${id}`)).statusCode, 404)
  const pretender = as(await mint({ sub: 'eve', scope: 'admin', claims: { groups: ['admin'] } }))
  t.equal((await pretender('DELETE', `/notes/${id}`)).statusCode, 403)
})

await t.test("all of one's notes go only after a recent second factor", async (t) => {
  const { mint, as, clock } = await setUp(t)
  const seconds = Math.floor(clock.now / 1000)
  const strong = { acr: 'aal2', auth_time: seconds - 200 }
  const ada = as(await mint({ sub: 'ada', scope: BOTH, claims: strong }))
  const bob = as(await mint({ sub: 'bob', scope: BOTH, claims: strong }))
  await ada('POST', '/notes', { text: 'of ada' })
  await bob('POST', '/notes', { text: 'of bob' })
  const left = async () => (await bob('GET', '/notes')).json<NotesBody>().notes.length

  for (const claims of [
    {},
    { acr: 'aal1', auth_time: seconds },
    { acr: 'aal2' },
    { acr: 'aal2', auth_time: seconds - 301 },
  ]) {
    const refused = await as(await mint({ sub: 'bob', scope: BOTH, claims }))('DELETE', '/notes')
    t.equal(refused.statusCode, 401, JSON.stringify(claims))
    t.match(refused.headers['www-authenticate'], 'error="insufficient_user_authentication"')
    t.match(refused.headers['www-authenticate'], 'acr_values="aal2", max_age="300"')
  }
  const reader = as(await mint({ sub: 'bob', scope: 'notes:read', claims: strong }))
  t.equal((await reader('DELETE', '/notes')).statusCode, 403)
  t.equal(await left(), 1)
  t.equal((await bob('DELETE', '/notes')).statusCode, 204)
  t.equal(await left(), 0)
  t.equal((await ada('GET', '/notes')).json<NotesBody>().notes.length, 1, 'ada keeps hers')
  t.equal((await bob('DELETE', '/notes')).statusCode, 204, 'nothing left is no fault')
})

await t.test('bad input', async (t) => {
  const { app, mint, as } = await setUp(t)
  const token = await mint({ scope: BOTH })
  const ada = as(token)
  for (const body of [
    {},
    { text: '' },
    { text: '   ' },
    { text: 7 },
    { text: null },
    { text: ['x'] },
    { text: 'x'.repeat(2001) },
    { text: 'x', owner: 'bob' },
    [],
    [{ text: 'x' }],
  ]) {
    const answer = await ada('POST', '/notes', body)
    t.equal(answer.statusCode, 400, JSON.stringify(body).slice(0, 40))
    t.match(answer.json(), { error: 'invalid_request', error_description: String })
  }
  const raw = (payload: string, type: string) =>
    app.inject({
      method: 'POST',
      url: '/notes',
      payload,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
    })
  t.equal((await raw('{"text":', 'application/json')).statusCode, 400)
  t.equal((await raw('', 'application/json')).statusCode, 400)
  t.equal((await raw('null', 'application/json')).statusCode, 400)
  t.equal((await raw('{"__proto__":{"x":1},"text":"x"}', 'application/json')).statusCode, 400)
  t.equal((await raw('hello', 'text/plain')).statusCode, 415)
  t.equal((await raw('text=x', 'application/x-www-form-urlencoded')).statusCode, 415)
  t.equal((await raw('<x/>', 'application/xml')).statusCode, 415)
  t.equal((await raw(`{"text":"${'x'.repeat(20_000)}"}`, 'application/json')).statusCode, 413)
  for (const query of ['?all=1', '?all=true&all=true', '?page=2', '?all=']) {
    t.equal((await ada('GET', `/notes${query}`)).statusCode, 400, query)
  }
  t.same((await ada('GET', '/notes')).json<NotesBody>().notes, [], 'nothing was written')
  for (let index = 0; index < 100; index += 1) await ada('POST', '/notes', { text: 'x' })
  t.match((await ada('POST', '/notes', { text: 'x' })).json(), { error: 'too_many_notes' })
})

await t.test('tokens that are refused, and where they may be', async (t) => {
  const { app, mint, issuer } = await setUp(t)
  const ask = (authorization: string) => app.inject({ url: '/notes', headers: { authorization } })
  const cases = {
    expired: await mint({ scope: BOTH, ttlSeconds: -10 }),
    'for another API': await mint({ scope: BOTH, audience: 'https://other.example' }),
    'an ID token': await mint({ scope: BOTH, header: { typ: 'JWT' } }),
    'of another issuer': await mint({ scope: BOTH, issuer: 'https://evil.example' }),
    'signed by another key': await mint({
      scope: BOTH,
      key: await createTestKey(issuer.keys[0]?.kid),
    }),
    rubbish: 'abc',
  }
  for (const [name, token] of Object.entries(cases)) {
    const answer = await ask(`Bearer ${token}`)
    t.equal(answer.statusCode, 401, name)
    t.match(answer.headers['www-authenticate'], 'error="invalid_token"', name)
    t.match(
      answer.headers['www-authenticate'],
      'resource_metadata="http://localhost:4001/.well-known/oauth-protected-resource"',
    )
  }
  const none = await app.inject('/notes')
  t.equal(none.statusCode, 401)
  t.notMatch(none.headers['www-authenticate'], 'error=')
  t.equal((await app.inject(`/notes?access_token=${await mint({ scope: BOTH })}`)).statusCode, 400)
})

await t.test('valid tokens work on while the issuer is gone; others do not', async (t) => {
  const { mint, as, issuer, clock } = await setUp(t)
  const token = await mint({ scope: BOTH, ttlSeconds: 7200 })
  t.equal((await as(token)('GET', '/notes')).statusCode, 200)
  await issuer.stop()
  clock.now += 3_600_000
  t.equal((await as(token)('GET', '/notes')).statusCode, 200)
  t.equal(
    (await as(await mint({ scope: BOTH }))('GET', '/notes')).statusCode,
    200,
    'one never seen before',
  )
  const evil = await mint({ scope: BOTH, key: await createTestKey() })
  t.equal((await as(evil)('GET', '/notes')).statusCode, 401)
})

await t.test('started without the issuer: 503 for tokens, health and pages go on', async (t) => {
  const { mint, as, app, issuer, clock } = await setUp(t)
  await issuer.stop()
  const token = await mint({ scope: BOTH })
  const answer = await as(token)('GET', '/notes')
  t.equal(answer.statusCode, 503)
  t.ok(Number(answer.headers['retry-after']) >= 1)
  t.equal((await app.inject('/health/ready')).statusCode, 200)
  t.equal((await app.inject('/')).statusCode, 200)
  t.equal((await app.inject('/bff/login')).statusCode, 503)
  await issuer.start()
  clock.now += 31_000
  t.equal((await as(token)('GET', '/notes')).statusCode, 200)
})

await t.test('a limit per subject', async (t) => {
  const { mint, as, app } = await setUp(t, { RATE_LIMIT_PER_MINUTE: '5' })
  const [one, two] = [
    await mint({ sub: 'ada', scope: BOTH }),
    await mint({ sub: 'ada', scope: BOTH }),
  ]
  for (let index = 0; index < 5; index += 1) {
    t.equal((await as(index % 2 ? one : two)('GET', '/notes')).statusCode, 200)
  }
  const limited = await as(two)('GET', '/notes')
  t.equal(limited.statusCode, 429, 'another token of the same person is no way around')
  t.ok(Number(limited.headers['retry-after']) > 0)
  t.match(limited.json(), { error: 'too_many_requests' })
  t.equal((await as(await mint({ sub: 'bob', scope: BOTH }))('GET', '/notes')).statusCode, 200)
  t.equal((await app.inject('/notes')).statusCode, 401, 'strangers are told who they are not')
})

await t.test('paths and methods that are not there', async (t) => {
  const { app } = await setUp(t)
  const missing = await app.inject('/nothing')
  t.equal(missing.statusCode, 404)
  t.match(missing.json(), { error: 'not_found' })
  for (const [method, url, allow] of [
    ['PUT', '/notes', 'GET, HEAD, POST, DELETE'],
    ['PATCH', '/notes', 'GET, HEAD, POST, DELETE'],
    ['GET', '/notes/1', 'DELETE'],
    ['POST', '/', 'GET, HEAD'],
    ['GET', '/app/notes', 'POST'],
  ] as const) {
    const answer = await app.inject({ method, url, payload: method === 'PUT' ? 'x' : '' })
    t.equal(answer.statusCode, 405, `${method} ${url}`)
    t.equal(answer.headers.allow, allow)
  }
  const broken = await app.inject('/%zz')
  t.equal(broken.statusCode, 400)
  t.match(broken.json(), { error: 'invalid_request' })
})

await t.test('every answer carries the security headers', async (t) => {
  const { app, issuer } = await setUp(t)
  for (const url of ['/', '/notes', '/nothing', '/health/live', '/bff/session']) {
    const { headers } = await app.inject(url)
    t.match(headers['content-security-policy'], "default-src 'none'; script-src 'self'", url)
    t.match(headers['content-security-policy'], `form-action 'self' ${issuer.url};`)
    t.notMatch(headers['content-security-policy'], 'unsafe')
    t.equal(headers['x-content-type-options'], 'nosniff', url)
    t.notOk(headers['strict-transport-security'], 'no HSTS over http')
  }
})

await t.test('health', async (t) => {
  const { app, world } = await setUp(t)
  t.same((await app.inject('/health/ready')).json(), { status: 'ready' })
  world.stopping = true
  t.equal((await app.inject('/health/ready')).statusCode, 503)
  t.equal((await app.inject('/health/live')).statusCode, 200)
})
