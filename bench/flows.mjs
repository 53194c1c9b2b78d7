import { createHash, randomBytes } from 'node:crypto'
import { headerOf, jsonOf, unexpected } from './wire.mjs'
import { SCOPE, app, inspector, machine, personFor } from './world.mjs'

/**
 * What is measured. `prepare` readies one lane over a connection and returns its operation, which checks
 * every answer. `signatures` and `hashes` are the work of an operation that nothing can save.
 */
export const FLOWS = [
  { id: 'F1', name: 'client_credentials', signatures: 1, prepare: clientCredentials },
  { id: 'F2', name: 'refresh', signatures: 1, prepare: refresh },
  { id: 'F3', name: 'code flow, live session', signatures: 2, prepare: codeFlow },
  { id: 'F4', name: 'introspection', verifications: 1, prepare: introspection },
  { id: 'F5', name: 'userinfo', verifications: 1, prepare: userinfo },
  { id: 'F6', name: 'discovery, JWKS', prepare: documents },
  { id: 'F8', name: 'password sign-in', hashes: 1, prepare: passwordSignIn },
]

async function clientCredentials() {
  const form = { grant_type: 'client_credentials', scope: 'bench:read' }
  return async (wire) => {
    const { access_token: token } = jsonOf(
      await wire.send('/token', { form, headers: machine.headers }),
    )
    must(isJwt(token), 'an access token')
  }
}

async function refresh(wire, lane) {
  const session = await signedIn(wire, lane)
  let { refresh_token: current } = await tokensFor(wire, session)
  return async (wire) => {
    const form = { grant_type: 'refresh_token', refresh_token: current }
    const tokens = jsonOf(await wire.send('/token', { form, headers: app.headers }))
    must(isJwt(tokens.access_token), 'an access token')
    must(tokens.refresh_token !== current, 'a new refresh token')
    current = tokens.refresh_token
  }
}

async function codeFlow(wire, lane) {
  const session = await signedIn(wire, lane)
  return async (wire) => {
    const tokens = await tokensFor(wire, session)
    must(isJwt(tokens.id_token) && isJwt(tokens.access_token), 'an ID token and an access token')
  }
}

async function introspection(wire, lane) {
  const session = await signedIn(wire, lane)
  const { access_token: token } = await tokensFor(wire, session)
  const request = { form: { token }, headers: inspector.headers }
  return async (wire) => {
    const { active, client_id: clientId } = jsonOf(await wire.send('/introspect', request))
    must(active === true && clientId === app.id, 'an active token')
  }
}

async function userinfo(wire, lane) {
  const session = await signedIn(wire, lane)
  const { access_token: token } = await tokensFor(wire, session)
  const { email } = personFor(lane)
  const request = { headers: { authorization: `Bearer ${token}` } }
  return async (wire) => {
    const claims = jsonOf(await wire.send('/userinfo', request))
    must(claims.email === email, `claims of ${email}`)
  }
}

async function documents() {
  let turn = 0
  return async (wire) => {
    turn += 1
    const path = turn % 2 === 0 ? '/.well-known/jwks.json' : '/.well-known/openid-configuration'
    const document = jsonOf(await wire.send(path))
    must(document.keys?.length > 0 || document.issuer !== undefined, 'a document')
  }
}

async function passwordSignIn(wire, lane) {
  const page = await openLoginPage(wire)
  return async (wire) => {
    await signIn(wire, page, lane)
  }
}

/** The cookies of a fresh session. */
async function signedIn(wire, lane) {
  return signIn(wire, await openLoginPage(wire), lane)
}

async function openLoginPage(wire) {
  const page = await wire.send('/login')
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1]
  if (page.status !== 200 || csrf === undefined) throw unexpected('the login page', page)
  return { csrf, cookies: cookiesOf(page) }
}

async function signIn(wire, { csrf, cookies }, lane) {
  const answer = await wire.send('/login', {
    form: { csrf, ...personFor(lane) },
    headers: { cookie: cookies },
  })
  const session = cookiesOf(answer)
  if (answer.status !== 303 || !session.includes('session=')) throw unexpected('a session', answer)
  return `${cookies}; ${session}`
}

/** The whole code flow of a signed-in browser: the redirect with the code, then the tokens. */
async function tokensFor(wire, cookies) {
  const verifier = randomBytes(32).toString('base64url')
  const state = verifier.slice(0, 16)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.id,
    redirect_uri: app.redirectUri,
    scope: SCOPE,
    state,
    nonce: state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const answer = await wire.send(`/authorize?${query}`, { headers: { cookie: cookies } })
  const callback = new URL(headerOf(answer, 'location')[0] ?? 'https://nowhere.test')
  const code = callback.searchParams.get('code')
  if (code === null || callback.searchParams.get('state') !== state)
    throw unexpected('a code', answer)
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: app.redirectUri,
    code_verifier: verifier,
  }
  return jsonOf(await wire.send('/token', { form, headers: app.headers }))
}

function cookiesOf(answer) {
  return headerOf(answer, 'set-cookie')
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

function isJwt(text) {
  return typeof text === 'string' && text.split('.').length === 3
}

function must(holds, what) {
  if (!holds) throw new Error(`the answer is not ${what}`)
}
