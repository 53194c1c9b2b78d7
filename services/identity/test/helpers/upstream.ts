import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose'
import type { Test } from 'tap'
import type { Browser } from './browser.ts'
import type { Answer } from './wire.ts'

export type Claims = Record<string, unknown>

/** What one provider does otherwise than it should; everything else it does well. */
export interface Behaviour {
  readonly discovery?: (metadata: Claims) => Claims
  readonly callback?: (parameters: URLSearchParams) => void
  readonly claims?: (claims: Claims) => Claims
  /** Signs the ID token; by the published key if absent. */
  readonly sign?: (claims: Claims, keys: Keys) => Promise<string>
  readonly token?: (answer: Claims) => Claims
  /** What the client must send as its secret, if it is not the text that never changes. */
  readonly secret?: (secret: string) => Promise<boolean>
  /** Answers a path of the provider itself; false to let it be answered well. */
  readonly answer?: (path: string, response: ServerResponse, request: IncomingMessage) => boolean
}

export interface Keys {
  readonly current: CryptoKey
  readonly stranger: CryptoKey
  /** The published key as text, as a careless verifier would use it for HMAC. */
  readonly publicPem: string
  readonly kid: string
}

export const clientId = 'signet-at-upstream'
export const clientSecret = 'upstream-secret-upstream-secret'

/** A provider that can be told to misbehave: many issuers on one loopback port, one a case. */
export async function startUpstream(t: Test) {
  const pair = await generateKeyPair('RS256', { extractable: true })
  const stranger = await generateKeyPair('RS256')
  const publicPem = await exportSPKI(pair.publicKey)
  const keys: Keys = {
    current: pair.privateKey,
    stranger: stranger.privateKey,
    publicPem,
    kid: 'current',
  }
  const published = {
    ...(await exportJWK(pair.publicKey)),
    kid: 'current',
    alg: 'RS256',
    use: 'sig',
  }
  const behaviours = new Map<string, Behaviour>()
  const people = new Map<string, Claims>()
  const codes = new Map<string, { claims: Claims; challenge: string; redirectUri: string }>()
  const asked: string[] = []
  const authorizations: URLSearchParams[] = []

  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuerOf = (name: string) => `${origin}/${name}`

  /** The first part of a path, or more of it where a case is known by more. */
  function nameIn(pathname: string): string {
    const known = [...behaviours.keys()].filter((name) => pathname.startsWith(`/${name}/`))
    const [longest] = known.toSorted((a, b) => b.length - a.length)
    return longest ?? pathname.split('/')[1] ?? ''
  }

  const json = (response: ServerResponse, body: unknown, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const name = nameIn(url.pathname)
    const path = url.pathname.slice(name.length + 1)
    const behaviour = behaviours.get(name) ?? {}
    asked.push(url.pathname)
    if (behaviour.answer?.(path, response, request) === true) return
    const issuer = issuerOf(name)
    if (path === '/.well-known/openid-configuration') {
      const metadata: Claims = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
      }
      json(response, behaviour.discovery?.(metadata) ?? metadata)
    } else if (path === '/.well-known/risc-configuration')
      json(response, { issuer: `${issuer}/`, jwks_uri: `${issuer}/keys` })
    else if (path === '/keys') json(response, { keys: [published] })
    else if (path === '/authorize') authorize(name, url.searchParams, response, isSeen(request))
    else if (path === '/token') await token(name, request, response)
    else json(response, { error: 'not_found' }, 404)
  }

  function authorize(
    name: string,
    query: URLSearchParams,
    response: ServerResponse,
    toBrowser: boolean,
  ): void {
    authorizations.push(query)
    const code = `code-${codes.size}`
    codes.set(code, {
      claims: { nonce: query.get('nonce') ?? undefined, ...people.get(name) },
      challenge: query.get('code_challenge') ?? '',
      redirectUri: query.get('redirect_uri') ?? '',
    })
    const back = new URL(query.get('redirect_uri') ?? '')
    const answer = new URLSearchParams({
      code,
      state: query.get('state') ?? '',
      iss: issuerOf(name),
    })
    behaviours.get(name)?.callback?.(answer)
    // Where somebody looks, the page is what such providers send: a form that goes off by itself.
    if (toBrowser && query.get('response_mode') === 'form_post')
      return void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(formPost(back.href, answer))
    back.search = answer.toString()
    response.writeHead(302, { location: back.href }).end()
  }

  async function token(name: string, request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const behaviour = behaviours.get(name) ?? {}
    const secret = form.get('client_secret') ?? ''
    const isSecret = (await behaviour.secret?.(secret)) ?? secret === clientSecret
    const isRight =
      code?.challenge === challenge &&
      code.redirectUri === form.get('redirect_uri') &&
      form.get('client_id') === clientId &&
      isSecret
    if (!isRight) return json(response, { error: 'invalid_grant' }, 400)
    const now = Math.floor(Date.now() / 1000)
    const honest: Claims = {
      iss: issuerOf(name),
      aud: clientId,
      iat: now,
      exp: now + 7200,
      ...code.claims,
    }
    const claims = behaviour.claims?.(honest) ?? honest
    const idToken = await (behaviour.sign?.(claims, keys) ?? signed(claims, keys.current))
    const answer: Claims = {
      access_token: 'opaque',
      token_type: 'Bearer',
      expires_in: 600,
      id_token: idToken,
    }
    return json(response, behaviour.token?.(answer) ?? answer)
  }

  return {
    origin,
    keys,
    asked,
    authorizations,
    issuerOf,
    /** Who is signed in at a provider. */
    person: (name: string, claims: Claims) => people.set(name, claims),
    behave: (name: string, behaviour: Behaviour) => behaviours.set(name, behaviour),
    /** An entry of `providers:`. */
    entry: (name: string, more: object = {}) => ({
      id: name,
      name: `The ${name}`,
      issuer: issuerOf(name),
      client_id: clientId,
      client_secret: clientSecret,
      ...more,
    }),
  }
}

/** Whether it is a person's browser that asks, and not one of ours. */
const isSeen = ({ headers }: IncomingMessage) => headers['sec-fetch-dest'] === 'document'

function formPost(action: string, answer: URLSearchParams): string {
  const fields = [...answer].map(([name, value]) => `<input name="${name}" value="${value}">`)
  return `<form method="post" action="${action}">${fields.join('')}</form><script>document.forms[0].submit()</script>`
}

export async function signed(claims: Claims, key: CryptoKey, kid = 'current'): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token without signature. */
export function unsigned(claims: Claims): string {
  return `${part({ alg: 'none' })}.${part(claims)}.`
}

/** A token with the public key as the secret of an HMAC. */
export function hmacSigned(claims: Claims, secret: string): string {
  const input = `${part({ alg: 'HS256', kid: 'current' })}.${part(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** Goes to the provider and comes back with its answer: the address of the callback, not yet opened. */
export async function answerOf(browser: Browser, start: string): Promise<string> {
  const going = await browser.get(start)
  const location = going.headers.get('location')
  if (location === null) throw new Error(`not sent to a provider: ${going.status} ${going.body}`)
  const back = await fetch(location, { redirect: 'manual' })
  const callback = back.headers.get('location')
  if (callback === null) throw new Error(`the provider did not answer: ${await back.text()}`)
  return callback
}

/** The whole visit. */
export async function visit(browser: Browser, start: string): Promise<Answer> {
  return browser.open(await answerOf(browser, start))
}
