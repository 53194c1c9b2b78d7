// Every error carries an id, and `signet why` tells what the check knew: here, and to nobody else.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { BUDGET } from '../../src/domain/faults/budget.ts'
import type { Check } from '../../src/domain/faults/checks.ts'
import { ShownFault } from '../../src/domain/faults/explanation.ts'
import { faultOf } from '../../src/domain/faults/fault.ts'
import { createFaultStore } from '../../src/domain/faults/store.ts'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { startService } from '../../src/service.ts'
import { Browser } from '../helpers/browser.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { freePort, startIdentity, startProcesses } from '../helpers/identity.ts'
import {
  type ClientAuthentication,
  type Params,
  Provider,
  basic,
  nobody,
  publicId,
  secretPost,
} from '../helpers/provider.ts'
import { type Changes, RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, jsonOf, send } from '../helpers/wire.ts'
import {
  ada,
  asker,
  judge,
  machine,
  narrow,
  notesApi,
  rival,
  spa,
  world,
} from '../helpers/world.ts'

// Several services and a dozen processes.
t.setTimeout(240_000)
const skip = await withoutPostgres()

const identity = await startIdentity(t, {
  config: world(),
  ...(skip === false && { database: 'postgres' }),
})
const { issuer } = identity
const provider = new Provider(issuer)
const rp = new RelyingParty(provider, judge)
const visitor = () => new Browser(issuer)
const ERROR_URI = new RegExp(`^${issuer}/error\\?id=([\\w-]{12})$`)

/** What the service itself tells on loopback, as JSON. */
async function explained(id: string, origin = issuer): Promise<ShownFault> {
  const answer = await send(`${origin}/error?id=${id}`, { headers: { accept: 'application/json' } })
  return ShownFault.parse(jsonOf(answer))
}

/** The id in a page, an error object or a redirect; the header says the same. */
function idOf(answer: Answer): string {
  const location = answer.headers.get('location')
  const uri =
    location === null
      ? answer.body.startsWith('{')
        ? jsonOf(answer)['error_uri']
        : undefined
      : new URL(location).searchParams.get('error_uri')
  const id =
    typeof uri === 'string'
      ? ERROR_URI.exec(uri)?.[1]
      : /id="error-id"[^>]*>([\w-]{12})</.exec(answer.body)?.[1]
  if (id === undefined) throw new Error(`no id: ${answer.status} ${answer.body.slice(0, 200)}`)
  if (answer.headers.get('x-request-id') !== id) throw new Error('the header has another id')
  return id
}

const ask = async (changes: Changes, of = rp) => visitor().get((await of.request(changes)).url)
const grant = (params: Params, authentication: ClientAuthentication = judge.authentication) =>
  provider.token(params, authentication)
const code = async (changes: Changes = {}) => rp.code(visitor(), changes)

async function redeemed(changes: Changes, asked: Changes = {}): Promise<Answer> {
  const { request, callback } = await code(asked)
  return rp.redeem(request, callback, changes)
}

async function refreshed(changes: Record<string, string>, of = rp): Promise<Answer> {
  const { tokens } = await rp.signIn(visitor(), { scope: 'openid offline_access notes:read' })
  return of.refresh(tokens.refreshToken, changes)
}

const cases: readonly (readonly [Check, () => Promise<Answer>, Partial<ShownFault>?])[] = [
  ['client_id_missing', () => ask({ client_id: undefined })],
  ['client_unknown', () => ask({ client_id: 'jugde' }), { received: { client_id: 'jugde' } }],
  ['redirect_uri_missing', () => ask({ redirect_uri: undefined })],
  [
    'redirect_uri_not_registered',
    () => ask({ redirect_uri: `${judge.redirectUri}/` }),
    {
      client_id: judge.id,
      path: '/authorize',
      expected: { redirect_uri: judge.redirectUri },
      received: { redirect_uri: `${judge.redirectUri}/` },
    },
  ],
  ['state_too_large', () => ask({ state: 'x'.repeat(5000) })],
  ['request_too_large', () => ask({ ui_locales: 'x'.repeat(9000) })],
  ['parameter_malformed', () => ask({ nonce: 'a\0b' })],
  ['response_mode_unsupported', () => ask({ response_mode: 'fragment' })],
  ['response_type_missing', () => ask({ response_type: undefined })],
  ['response_type_unsupported', () => ask({ response_type: 'id_token token' })],
  [
    'request_object_unsupported',
    () => ask({ request: 'eyJ' }),
    { received: { parameter: 'request' } },
  ],
  ['pkce_missing', () => ask({ code_challenge: undefined, code_challenge_method: undefined })],
  ['pkce_method_unsupported', () => ask({ code_challenge_method: 'plain' })],
  ['pkce_challenge_malformed', () => ask({ code_challenge: 'short' })],
  [
    'prompt_unsupported',
    () => ask({ prompt: 'create' }),
    { received: { prompt: 'create', reason: 'prompt has a value that is not supported' } },
  ],
  ['max_age_malformed', () => ask({ max_age: 'soon' })],
  ['claims_malformed', () => ask({ claims: 'x' })],
  ['scope_malformed', () => ask({ scope: 'openid "' })],
  [
    'scope_not_allowed',
    () => ask({ scope: 'openid email' }, new RelyingParty(provider, narrow)),
    { expected: { scope: 'openid' }, received: { scope: 'openid email' } },
  ],
  ['scope_grants_nothing', () => ask({ scope: 'opneid' })],
  ['scope_of_other_resource', () => ask({ scope: 'photos:read', resource: notesApi })],
  [
    'resource_unknown',
    () => ask({ resource: `${notesApi}/` }),
    { expected: { resource: notesApi } },
  ],
  ['resource_ambiguous', () => ask({ scope: 'notes:read photos:read' })],
  ['resource_without_scope', () => ask({ scope: 'openid', resource: notesApi })],
  ['id_token_hint_invalid', () => ask({ id_token_hint: 'x.y.z' })],
  ['nobody_signed_in', () => ask({ prompt: 'none' })],
  ['person_refused', refusedByPerson],
  ['grant_type_missing', () => grant({})],
  ['grant_type_unsupported', () => grant({ grant_type: 'password' })],
  ['grant_type_not_allowed', () => grant({ grant_type: 'refresh_token' }, machine.authentication)],
  ['code_missing', () => grant({ grant_type: 'authorization_code' })],
  ['code_unknown', () => grant({ grant_type: 'authorization_code', code: 'x' })],
  ['code_used', codeTwice],
  ['code_of_other_client', codeOfOther],
  ['redirect_uri_left_out', () => redeemed({ redirect_uri: undefined })],
  ['redirect_uri_differs', () => redeemed({ redirect_uri: `${judge.redirectUri}/` })],
  ['pkce_verifier_missing', () => redeemed({ code_verifier: undefined })],
  ['pkce_verifier_differs', () => redeemed({ code_verifier: 'v'.repeat(43) })],
  ['resource_beyond_grant', () => redeemed({ resource: notesApi })],
  ['refresh_token_missing', () => grant({ grant_type: 'refresh_token' })],
  ['refresh_token_unknown', () => rp.refresh('x')],
  ['refresh_token_of_other_client', () => refreshed({}, new RelyingParty(provider, rival))],
  ['scope_beyond_grant', () => refreshed({ scope: 'email' })],
  ['client_authentication_missing', () => grant({ grant_type: 'client_credentials' }, nobody)],
  ['client_authentication_malformed', () => withHeader('Basic !')],
  ['client_authentication_twice', () => grant({ client_secret: 'x' })],
  ['client_assertion_unsupported', () => grant({ client_assertion: 'x' }, nobody)],
  ['client_not_found', () => grant({}, basic('nobody', 'x'))],
  [
    'client_method_differs',
    () => grant({}, secretPost(judge.id, 'x')),
    {
      expected: { token_endpoint_auth_method: 'client_secret_basic' },
      received: { token_endpoint_auth_method: 'client_secret_post' },
    },
  ],
  ['client_secret_wrong', () => grant({}, basic(judge.id, 'wrong')), { client_id: judge.id }],
  ['client_id_differs', () => grant({ client_id: 'other' })],
  ['body_type_unsupported', () => withHeader('Basic x', 'application/json')],
  [
    'introspection_not_allowed',
    () => provider.call('introspection_endpoint', { token: 'x' }, judge.authentication),
  ],
  ['token_parameter_missing', () => provider.call('revocation_endpoint', {}, judge.authentication)],
  ['access_token_missing', async () => send(await provider.endpoint('userinfo_endpoint'))],
  [
    'access_token_malformed',
    () => provider.userinfo('', { headers: { authorization: 'Basic x' } }),
  ],
  ['access_token_invalid', () => provider.userinfo('x.y.z')],
  ['access_token_without_openid', userinfoOfMachine],
  [
    'post_logout_redirect_uri_not_registered',
    () =>
      visitor().get(
        `/logout?client_id=${judge.id}&post_logout_redirect_uri=https://judge.example.test/`,
      ),
  ],
  ['page_expired', () => visitor().get('/consent?tx=x')],
  ['forbidden_form', () => visitor().post('/login', { csrf: 'x', email: 'x', password: 'y' })],
  ['not_found', () => send(`${issuer}/tokens`, { method: 'POST' })],
  ['method_not_allowed', () => send(`${issuer}/token`)],
]

async function refusedByPerson() {
  const { url } = await new RelyingParty(provider, asker).request()
  const { answer } = await visitor().authorize(url, { person: ada, consent: 'deny' })
  return answer
}

async function codeTwice() {
  const { request, callback } = await code()
  await rp.redeem(request, callback)
  return rp.redeem(request, callback)
}

async function codeOfOther() {
  const { request, callback } = await code()
  return new RelyingParty(provider, rival).redeem(request, callback)
}

async function withHeader(authorization: string, type = 'application/x-www-form-urlencoded') {
  const headers = { authorization, 'content-type': type }
  return send(await provider.endpoint('token_endpoint'), { method: 'POST', headers, body: '{}' })
}

async function userinfoOfMachine() {
  const params = { grant_type: 'client_credentials', scope: 'notes:read' }
  const { access_token } = jsonOf(await provider.token(params, machine.authentication))
  return provider.userinfo(String(access_token))
}

for (const [check, provoke, more = {}] of cases)
  void t.test(`${check}: the id leads to it`, async (t) => {
    const fault = await explained(idOf(await provoke()))
    t.equal(fault.check, check)
    t.match(fault, more)
    t.ok(fault.advice.length > 10 && fault.cause.length > 10)
    t.notMatch(fault.path, /\?/)
  })

void t.test('expired: how long ago, by whose clock', async (t) => {
  const { request, callback } = await code()
  const { tokens } = await rp.signIn(visitor(), { scope: 'openid offline_access' })
  identity.clock.advance(102)
  const late = await explained(idOf(await rp.redeem(request, callback)))
  t.match(late, { check: 'code_expired', advice: /expired \d+(\.\d)? seconds ago/ })
  identity.clock.advance(3600)
  const stale = await explained(idOf(await provider.userinfo(tokens.accessToken)))
  t.match(stale, { check: 'access_token_expired', client_id: undefined })
  identity.clock.advance(15 * 86_400)
  const idle = await explained(idOf(await rp.refresh(tokens.refreshToken)))
  t.match(idle, {
    check: 'refresh_token_expired',
    client_id: judge.id,
    advice: /expired 25 hours ago/,
  })
})

void t.test(
  'the page of an error tells it at once, and links to nothing of a stranger’s',
  async (t) => {
    const answer = await ask({ redirect_uri: 'https://judge.example.test/CB' })
    const text = textOf(answer.body)
    t.match(text, 'redirect_uri: https://judge.example.test/cb')
    t.match(text, 'redirect_uri: https://judge.example.test/CB')
    t.match(text, 'the path is /cb in other case')
    t.match(text, '- "https://judge.example.test/CB" # add this line')
    t.same(elsewhere(answer), [])
    const again = await send(`${issuer}/error?id=${idOf(answer)}`)
    t.equal(again.status, 200)
    t.match(again.headers.get('cache-control'), /no-store/)
    t.match(textOf(again.body), 'the path is /cb in other case')
    t.same(elsewhere(again), [])
    const german = await send(`${issuer}/error?id=${idOf(answer)}`, {
      headers: { 'accept-language': 'de' },
    })
    t.match(german.body, /<html lang="de"/)
    t.match(german.body, '<p lang="en" dir="ltr">', 'what is English says so')
  },
)

/** Targets of a page that lead away from the service. */
function elsewhere({ body }: Answer): string[] {
  return targetsOf(body).filter((target) => new URL(target, issuer).origin !== issuer)
}

void t.test('error_uri is of the alphabet of RFC 6749 §5.2 and RFC 6750 §3', async (t) => {
  const refused = await grant({ grant_type: 'x' })
  t.match(String(jsonOf(refused)['error_uri']), ERROR_URI)
  t.match(String(jsonOf(refused)['error_uri']), /^[\x21\x23-\x5b\x5d-\x7e]+$/)
  const bearer = await provider.userinfo('x.y.z')
  t.match(
    bearer.headers.get('www-authenticate'),
    /^Bearer realm="signet", error="invalid_token", error_description="[^"\\]+", error_uri="[\x21\x23-\x5b\x5d-\x7e]+"$/,
  )
  const bare = await send(await provider.endpoint('userinfo_endpoint'))
  t.equal(bare.headers.get('www-authenticate'), 'Bearer realm="signet"', 'RFC 6750 §3.1')
  const post = await visitor().get(
    (await rp.request({ prompt: 'none', response_mode: 'form_post' })).url,
  )
  t.match(post.body, /name="error_uri" value="http:[^"]+\/error\?id=[\w-]{12}"/)
})

void t.test('what succeeds carries no id', async (t) => {
  const { tokens, callback } = await rp.signIn(visitor())
  t.equal(tokens.answer.headers.get('x-request-id'), null)
  t.notOk('error_uri' in tokens.json)
  t.notOk(callback.params.has('error_uri'))
})

void t.test(
  'a page of another origin: the answer says nothing, its header leads to why',
  async (t) => {
    const params = { grant_type: 'refresh_token', refresh_token: 'x' }
    const from = { origin: 'http://localhost:5173' }
    const answer = await provider.call('token_endpoint', params, publicId(spa.id), from)
    t.equal(answer.headers.get('access-control-allow-origin'), null)
    const { tokens } = await rp.signIn(visitor())
    const seen = await provider.userinfo(tokens.accessToken, { headers: from })
    t.equal(seen.status, 200)
    t.match(await explained(seen.headers.get('x-request-id') ?? ''), {
      check: 'origin_not_registered',
      expected: { origin: 'https://judge.example.test' },
      received: from,
    })
  },
)

void t.test('an address where nothing is leads to the start page', async (t) => {
  const lost = await send(`${issuer}/acount`, { headers: { accept: 'text/html' } })
  t.equal(lost.status, 404)
  t.ok(targetsOf(lost.body).includes('/'))
})

void t.test('an id that nobody has had, and what is none', async (t) => {
  const unknown = await send(`${issuer}/error?id=AAAAAAAAAAAA`)
  t.equal(unknown.status, 404)
  t.match(textOf(unknown.body), /Nothing is known about this error/)
  const json = { headers: { accept: 'application/json' } }
  t.match(await send(`${issuer}/error?id=AAAAAAAAAAAA`, json), {
    status: 404,
    body: '{"error":"not_found"}',
  })
  for (const query of [
    '',
    '?id=',
    '?id=short',
    '?id=../../../etc',
    '?id=AAAAAAAAAAAA&id=BBBBBBBBBBBB',
    '?id[]=AAAAAAAAAAAA',
    `?id=${'A'.repeat(9000)}`,
  ])
    t.equal((await send(`${issuer}/error${query}`)).status, 400, query.slice(0, 40))
  for (const method of ['POST', 'PUT', 'DELETE'])
    t.ok([404, 405].includes((await send(`${issuer}/error?id=AAAAAAAAAAAA`, { method })).status))
})

const MARK = 'Mark3d-S3cret'

/** Requests that carry a secret wherever one can be, and are refused. */
async function markedRequests(): Promise<Answer[]> {
  const everything = {
    code: `${MARK}-code`,
    code_verifier: `${MARK}-verifier-${'v'.repeat(43)}`,
    refresh_token: `${MARK}-refresh`,
    token: `${MARK}-token`,
    password: `${MARK}-password`,
    username: `${MARK}-username`,
    client_assertion_hint: `${MARK}-assertion`,
    state: `${MARK}-state`,
    nonce: `${MARK}-nonce`,
    login_hint: `${MARK}@example.test`,
    id_token_hint: `${MARK}.${MARK}.${MARK}`,
  }
  const cookie = `session=${MARK}; __Host-session=${MARK}`
  const leaking = `${judge.redirectUri}?code=${MARK}#${MARK}`
  const asked = [
    { redirect_uri: leaking },
    { redirect_uri: `https://user:${MARK}@judge.example.test/cb` },
    { redirect_uri: `${judge.redirectUri}/`, ...everything },
    { ...everything, prompt: 'create' },
    { ...everything, claims: `{"id_token":{"sub":"${MARK}` },
    { ...everything, client_id: `${MARK}@example.test` },
    { ...everything, prompt: 'none' },
  ]
  const granted = ['authorization_code', 'refresh_token', 'client_credentials', 'x']
  const proofs = [judge.authentication, basic(judge.id, MARK), secretPost(judge.id, MARK), nobody]
  return Promise.all([
    ...asked.map(async (changes) => visitor().get((await rp.request(changes)).url, { cookie })),
    ...granted.flatMap((grant_type) =>
      proofs.map((proof) => grant({ ...everything, grant_type, redirect_uri: leaking }, proof)),
    ),
    grant({ client_assertion: MARK, client_assertion_type: MARK }, nobody),
    provider.userinfo(`${MARK}.${MARK}.${MARK}`),
    provider.userinfo(MARK),
    provider.revoke(MARK, basic(judge.id, MARK)),
    provider.call('introspection_endpoint', { token: MARK }, basic(machine.id, MARK)),
    visitor().post('/login', { csrf: MARK, email: `${MARK}@example.test`, password: MARK }),
    visitor().get(`/reset-password?token=${MARK}&token=${MARK}`),
    visitor().get(`/consent?tx=${MARK}`),
    visitor().get(`/setup?token=${MARK}`),
    visitor().get(`/no/such/page?secret=${MARK}`),
    visitor().get(`/logout?id_token_hint=${MARK}.${MARK}.${MARK}&client_id=${judge.id}`),
  ])
}

void t.test('no secret is ever kept', { skip }, async (t) => {
  const answers = await markedRequests()
  const ids = answers.flatMap(({ headers }) => headers.get('x-request-id') ?? [])
  t.ok(ids.length > 25, 'they were refused')
  const database = await openDatabase(identity.databaseUrl ?? '')
  t.teardown(() => database.close())
  const rows = await settled(async () => {
    const found = rowsOf<{ row: string }>(
      await database.db.execute(sql`select row_to_json(faults)::text as row from faults`),
    )
    return ids.every((id) => found.some(({ row }) => row.includes(id))) ? found : undefined
  })
  t.same(
    rows.filter(({ row }) => row.toLowerCase().includes(MARK.toLowerCase())),
    [],
  )
  t.same(
    rows.filter(({ row }) => /secret-judge|horse battery|@example\.test/.test(row)),
    [],
  )
})

/** Asks until there is an answer; throws after ten seconds. */
async function settled<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await wait(50)
  }
  throw new Error('nothing came')
}

void t.test('a flood keeps a bounded number, and the answers', { skip }, async (t) => {
  const flooded = await startIdentity(t, { config: world(), database: 'postgres' })
  const began = performance.now()
  for (let round = 0; round < 50; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        n % 2 === 0
          ? send(`${flooded.issuer}/nowhere/${round}/${n}`)
          : send(`${flooded.issuer}/authorize?client_id=nobody-${round}-${n}`),
      ),
    )
    t.same(new Set(answers.map(({ status }) => status)), new Set([404, 400]))
  }
  const seconds = (performance.now() - began) / 1000
  await flooded.close()
  const database = await openDatabase(flooded.databaseUrl ?? '')
  t.teardown(() => database.close())
  const [row] = rowsOf<{ n: number }>(
    await database.db.execute(sql`select count(*)::int as n from faults`),
  )
  const minutes = Math.ceil(seconds / 60) + 1
  const likenesses = 2
  const bound = Math.min(
    BUDGET.burst + BUDGET.perSecond * (seconds + 1),
    BUDGET.alikePerMinute * minutes * likenesses,
  )
  t.ok((row?.n ?? 0) > 10, 'some are kept')
  t.ok((row?.n ?? Infinity) <= bound, `${row?.n} kept, at most ${bound}`)
})

for (const kind of kinds)
  void t.test(
    `${kind}: kept for a week, and never too many`,
    { skip: kind === 'postgres' && skip },
    async (t) => {
      const store = createFaultStore((await testDatabase(t, kind)).db)
      const now = new Date('2026-11-21T12:00:00Z')
      const at = (seconds: number) => new Date(now.getTime() - seconds * 1000)
      const fault = (n: number, ageSeconds: number) =>
        faultOf({
          id: `fault-${String(n).padStart(6, '0')}`,
          at: at(ageSeconds),
          code: 'x',
          status: 400,
          method: 'GET',
          path: '/',
        })
      const ids = Array.from({ length: 30 }, (_, n) => fault(n, n < 10 ? 0 : n * 86_400 * 0.5))
      await store.keep(ids)
      await store.keep([{ ...fault(0, 0), code: 'another' }])
      t.equal((await store.find('fault-000000'))?.code, 'x', 'the first one stays')
      await store.deleteOld(now)
      t.ok(await store.find('fault-000014'))
      t.equal(await store.find('fault-000015'), undefined, 'older than seven days')
      await store.deleteOld(now, 12)
      const left = await Promise.all(ids.map(({ id }) => store.find(id)))
      t.same(
        left.flatMap((one) => (one === undefined ? [] : [one.id])),
        ids.slice(0, 12).map(({ id }) => id),
        'the newest stay',
      )
    },
  )

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))
const SECRET_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`

/** The operator's command, in the environment of a service. */
async function signetWhy(words: readonly string[], env: Readonly<Record<string, string>>) {
  return new Promise<{ code: number | string; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [main, 'why', ...words],
      { env: { PATH: process.env['PATH'] ?? '', SECRET_KEYS, ...env } },
      (error, out, err) => resolve({ code: error?.code ?? 0, out, err }),
    )
  })
}

void t.test('signet why, over two processes and one database', { skip }, async (t) => {
  const processes = await startProcesses(t, { config: world(), count: 2 })
  const [north = '', south = ''] = processes.origins
  const query = `client_id=judge&redirect_uri=${encodeURIComponent(`${judge.redirectUri}/`)}`
  const page = await send(`${north}/authorize?${query}`)
  const id = idOf(page)
  const env = { ISSUER: processes.issuer, DATABASE_URL: processes.databaseUrl }
  const words = await signetWhy([id], env)
  t.equal(words.code, 0, words.err)
  t.match(words.out, /^redirect_uri_not_registered \(400\) at GET \/authorize, 20/)
  t.match(words.out, /expected {2}redirect_uri: https:\/\/judge\.example\.test\/cb\n/)
  t.match(words.out, /came {6}redirect_uri: https:\/\/judge\.example\.test\/cb\/\n/)
  t.match(words.out, /a slash at the end is too many/)
  t.match(words.out, / {6}- "https:\/\/judge\.example\.test\/cb\/" # add this line\n/)
  const json = await signetWhy([id, '--json'], env)
  t.same(
    JSON.parse(json.out),
    await settled(async () => explained(id, south).catch(() => undefined)),
  )
  t.match(await signetWhy(['AAAAAAAAAAAA'], env), {
    code: 1,
    out: '',
    err: /^nothing is kept under AAAAAAAAAAAA: [^\n]*\n$/,
  })
  for (const wrong of [[], ['short'], [id, id], ['--json']])
    t.match(await signetWhy(wrong, env), { code: 64, out: '' }, wrong.join(' '))
})

void t.test(
  'signet why, on an embedded database: the service is asked, then the folder',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signet-why-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const port = String(await freePort())
    const env = {
      ISSUER: `http://localhost:${port}`,
      PORT: port,
      DATABASE_URL: `pglite:${join(folder, 'data')}`,
      LOG_LEVEL: 'silent',
    }
    t.match(
      await signetWhy(['AAAAAAAAAAAA'], env),
      { code: 1, err: /nothing is kept/ },
      'nothing is made',
    )
    const config = readConfig({ ...env, SECRET_KEYS })
    if ('faults' in config) throw new Error(config.faults.join())
    const service = await startService(config)
    let closed: Promise<void> | undefined
    const close = () => (closed ??= service.close())
    t.teardown(close)
    await service.listen()
    const answer = await send(`${env.ISSUER}/token`, { method: 'POST' })
    const [, id = ''] = /id=([\w-]{12})/.exec(answer.body) ?? []
    const running = await signetWhy([id], env)
    t.match(running, { code: 0, out: /client_authentication_missing/ })
    await close()
    t.match(await signetWhy([id], env), { code: 0, out: running.out }, 'closing has written it')
  },
)

void t.test('in production strangers learn nothing, and all ids are the same', async (t) => {
  const port = await freePort()
  const config = readConfig({
    ISSUER: 'https://id.example.test',
    HOST: 'localhost',
    PORT: String(port),
    DATABASE_URL: 'pglite:memory',
    LOG_LEVEL: 'silent',
    SECRET_KEYS,
  })
  if ('faults' in config) throw new Error(config.faults.join())
  const service = await startService(config)
  t.teardown(() => service.close())
  await service.listen()
  const at = `http://localhost:${port}`
  const page = await send(`${at}/authorize?client_id=nobody&redirect_uri=https://x.test/cb`)
  t.equal(page.status, 400)
  t.notMatch(page.body, /explanation|client_unknown|configuration file/)
  const [, id = ''] = /id="error-id"[^>]*>([\w-]{12})</.exec(page.body) ?? []
  t.equal(id.length, 12, 'the reference is there')
  const without = (answer: Answer, its: string) => ({
    status: answer.status,
    body: answer.body.replaceAll(its, ''),
    headers: [...answer.headers].filter(([name]) => name !== 'date'),
  })
  for (const accept of ['text/html', 'application/json', '*/*']) {
    const known = await send(`${at}/error?id=${id}`, { headers: { accept } })
    const unknown = await send(`${at}/error?id=AAAAAAAAAAAA`, { headers: { accept } })
    t.same(without(known, id), without(unknown, 'AAAAAAAAAAAA'), accept)
    t.match(known.headers.get('content-type'), /^text\/html/)
    t.notMatch(known.body, /client_unknown|nobody|authorize/)
  }
  const refused = jsonOf(await send(`${at}/token`, { method: 'POST' }))
  t.match(refused['error_uri'], /^https:\/\/id\.example\.test\/error\?id=[\w-]{12}$/)
  t.same(Object.keys(refused), ['error', 'error_description', 'error_uri'])
})
