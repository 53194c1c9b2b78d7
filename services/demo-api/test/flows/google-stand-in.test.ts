import { spawn } from 'node:child_process'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { request as send } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePort } from '../helpers/free-port.ts'

// The stand-in for Google of `npm start -- --try-google`: it believes everybody, and so must stay where it is.
const MAIN = fileURLToPath(
  new URL('../../../../../scripts/google-stand-in/main.mjs', import.meta.url),
)
const google = `http://localhost:${await freePort()}`
const signet = 'http://localhost:4000'
const redirectUri = `${signet}/auth/google/callback`
const environment = {
  ISSUER: signet,
  GOOGLE_ISSUER: google,
  GOOGLE_CLIENT_ID: 'signet-of-the-tests',
  GOOGLE_CLIENT_SECRET: 'google-secret',
}
const verifier = 'v'.repeat(43)
const request = {
  client_id: environment.GOOGLE_CLIENT_ID,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid email profile',
  state: 'a state & more',
  nonce: 'a nonce',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
}
const redeem = {
  grant_type: 'authorization_code',
  client_id: environment.GOOGLE_CLIENT_ID,
  client_secret: environment.GOOGLE_CLIENT_SECRET,
  redirect_uri: redirectUri,
  code_verifier: verifier,
}
type Fields = Readonly<Record<string, string>>

function start(env: Fields) {
  return spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

const child = start(environment)
t.teardown(() => child.kill('SIGKILL'))
for (let tries = 0; tries < 400; tries += 1) {
  if (await fetch(google).catch(() => undefined)) break
  await wait(50)
}

const authorize = (fields: Fields | URLSearchParams, options: RequestInit = {}) =>
  fetch(`${google}/o/oauth2/v2/auth?${new URLSearchParams(fields).toString()}`, {
    redirect: 'manual',
    ...options,
  })
const choose = (choice: Fields, fields: Fields = request) =>
  authorize(fields, { method: 'POST', body: new URLSearchParams(choice) })
const token = (fields: Fields) =>
  fetch(`${google}/token`, { method: 'POST', body: new URLSearchParams(fields) })

async function codeFor(choice: Fields): Promise<string> {
  const back = new URL((await choose(choice)).headers.get('location') ?? '')
  return back.searchParams.get('code') ?? ''
}

/** The claims of an ID token whose signature holds under a published key. */
async function claimsOf(idToken: string): Promise<Record<string, unknown>> {
  const { keys } = (await (await fetch(`${google}/oauth2/v3/certs`)).json()) as {
    keys: { kty: string; kid: string }[]
  }
  const [head = '', body = '', signature = ''] = idToken.split('.')
  const decoded = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  const jwk = keys.find(({ kid }) => kid === decoded(head)['kid'])
  if (jwk === undefined) throw new Error('the key is not published')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const holds = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    key,
    Buffer.from(signature, 'base64url'),
  )
  if (!holds) throw new Error('the signature does not hold')
  return decoded(body)
}

void t.test('a code for the person that was chosen, once', async (t) => {
  const answer = await choose({ person: 'organisation' })
  t.equal(answer.status, 303)
  const back = new URL(answer.headers.get('location') ?? '')
  t.equal(back.origin + back.pathname, redirectUri)
  t.equal(back.searchParams.get('state'), request.state)
  t.equal(back.searchParams.get('iss'), google, 'RFC 9207')
  const code = back.searchParams.get('code') ?? ''
  const tokens = await token({ ...redeem, code })
  t.equal(tokens.status, 200)
  const { id_token: idToken } = (await tokens.json()) as { id_token: string }
  t.match(await claimsOf(idToken), {
    iss: google,
    aud: environment.GOOGLE_CLIENT_ID,
    nonce: request.nonce,
    email: 'ada@example.test',
    email_verified: true,
    hd: 'example.test',
  })
  t.equal((await token({ ...redeem, code })).status, 400, 'a second time')
})

void t.test('a code is good for its own client and verifier only', async (t) => {
  for (const [wrong, status] of [
    [{ client_secret: 'another' }, 401],
    [{ client_id: 'another' }, 401],
    [{ code_verifier: 'w'.repeat(43) }, 400],
    [{ code_verifier: '' }, 400],
    [{ redirect_uri: `${redirectUri}/` }, 400],
    [{ grant_type: 'password' }, 400],
    [{ code: 'made-up' }, 400],
  ] as const) {
    const code = await codeFor({ person: 'new' })
    const answer = await token({ ...redeem, code, ...wrong })
    t.equal(answer.status, status, JSON.stringify(wrong))
    t.notMatch(await answer.text(), 'id_token')
  }
})

void t.test('a request that is not right in all goes nowhere', async (t) => {
  t.equal((await authorize(request)).status, 200)
  for (const wrong of [
    { redirect_uri: 'https://evil.test/auth/google/callback' },
    { redirect_uri: `${redirectUri}/` },
    { redirect_uri: redirectUri.replace('localhost', '127.0.0.1') },
    { client_id: 'another' },
    { response_type: 'token' },
    { scope: 'email' },
    { state: '' },
    { code_challenge: 'short' },
    { code_challenge_method: 'plain' },
  ]) {
    const fields = { ...request, ...wrong }
    t.equal((await authorize(fields)).status, 400, JSON.stringify(wrong))
    const chosen = await choose({ person: 'new' }, fields)
    t.equal(chosen.status, 400)
    t.equal(chosen.headers.get('location'), null)
  }
  const twice = new URLSearchParams(request)
  twice.append('redirect_uri', 'https://evil.test/')
  t.equal((await authorize(twice)).status, 400, 'redirect_uri twice')
})

void t.test('nobody chosen is an error of the protocol, and no code', async (t) => {
  for (const [choice, error] of [
    [{ decision: 'cancel' }, 'access_denied'],
    [{ decision: 'refuse' }, 'server_error'],
    [{ person: 'nobody' }, 'access_denied'],
    [{ person: 'typed', sub: ' ' }, 'access_denied'],
    [{ person: 'typed', sub: 'x'.repeat(256) }, 'access_denied'],
  ] as const) {
    const { searchParams } = new URL((await choose(choice)).headers.get('location') ?? '')
    t.equal(searchParams.get('error'), error, JSON.stringify(choice))
    t.equal(searchParams.get('state'), request.state)
    t.equal(searchParams.has('code'), false)
  }
})

void t.test('bad paths, methods, forms and names', async (t) => {
  t.equal((await fetch(`${google}/nothing`)).status, 404)
  t.equal((await fetch(`${google}/__proto__`)).status, 404)
  t.equal((await fetch(`${google}/token`)).status, 405)
  t.equal((await fetch(google, { method: 'POST' })).status, 405)
  const flood = token({ ...redeem, code: 'x'.repeat(100_000) }).then(
    ({ status }) => status,
    () => 413,
  )
  t.equal(await flood, 413, 'refused, or hung up on')
  // A name of somebody's own that leads to this machine.
  const rebound = send(`${google}/`, { headers: { host: 'evil.test' } }).end()
  const [answer] = (await once(rebound, 'response')) as [{ statusCode: number }]
  t.equal(answer.statusCode, 421)
  t.equal((await fetch(google)).status, 200, 'and it goes on')
})

void t.test('it starts on this machine only, and for a service of this machine', async (t) => {
  for (const wrong of [
    { GOOGLE_ISSUER: 'http://0.0.0.0:4002' },
    { GOOGLE_ISSUER: 'http://192.168.1.2:4002' },
    { GOOGLE_ISSUER: 'https://accounts.google.com' },
    { GOOGLE_ISSUER: 'http://localhost.evil.test:4002' },
    { GOOGLE_ISSUER: '' },
    { ISSUER: 'https://id.example.com' },
    { ISSUER: 'http://10.0.0.1:4000' },
    { GOOGLE_CLIENT_SECRET: '' },
  ]) {
    const refused = start({ ...environment, ...wrong })
    let said = ''
    refused.stderr.on('data', (chunk) => (said += String(chunk)))
    const [code] = (await once(refused, 'close')) as [number]
    t.equal(code, 78, JSON.stringify(wrong))
    t.match(said, /does not start/)
  }
})
