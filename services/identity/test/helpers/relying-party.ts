import { createHash, randomBytes } from 'node:crypto'
import * as openid from 'openid-client'
import { type Browser, type Callback, type Landing, type Manners, mustReturn } from './browser.ts'
import { type Provider, type Tokens, tokensOf } from './provider.ts'
import type { Answer } from './wire.ts'
import { ada, secrets, type TestClient } from './world.ts'

/** One authorization request and the secrets that only its maker knows. */
export interface AuthorizationRequest {
  readonly url: string
  readonly params: URLSearchParams
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  readonly redirectUri: string
}

/** Changes to the usual parameters: undefined leaves one out. */
export type Changes = Readonly<Record<string, string | undefined>>

export interface SignedIn {
  readonly request: AuthorizationRequest
  readonly landing: Landing
  readonly callback: Callback
  readonly tokens: Tokens
}

export const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')
const random = () => randomBytes(32).toString('base64url')

/** A client that does the code flow by hand, so that every byte of it can be bent. */
export class RelyingParty {
  readonly provider: Provider
  readonly client: TestClient

  constructor(provider: Provider, client: TestClient) {
    this.provider = provider
    this.client = client
  }

  /** A code request with PKCE, state and nonce for `openid`, bent by `changes`. */
  async request(changes: Changes = {}): Promise<AuthorizationRequest> {
    const [verifier, state, nonce] = [random(), random(), random()]
    const params = new URLSearchParams()
    const all: Changes = {
      response_type: 'code',
      client_id: this.client.id,
      redirect_uri: this.client.redirectUri,
      scope: 'openid',
      state,
      nonce,
      code_challenge: s256(verifier),
      code_challenge_method: 'S256',
      ...changes,
    }
    for (const [name, value] of Object.entries(all))
      if (value !== undefined) params.set(name, value)
    const { issuer } = this.provider
    const endpoint = await this.provider.metadata().then((m) => m['authorization_endpoint'])
    return {
      url: `${typeof endpoint === 'string' ? endpoint : `${issuer}/authorize`}?${params}`,
      params,
      verifier,
      state: params.get('state') ?? '',
      nonce: params.get('nonce') ?? '',
      redirectUri: params.get('redirect_uri') ?? this.client.redirectUri,
    }
  }

  /** Redeems the code of a callback. */
  async redeem(
    request: AuthorizationRequest,
    callback: Callback,
    changes: Changes = {},
  ): Promise<Answer> {
    const code = callback.params.get('code')
    if (code === null) throw new Error(`no code: ${callback.params}`)
    const params: Record<string, string> = {}
    const all: Changes = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: request.redirectUri,
      code_verifier: request.params.has('code_challenge') ? request.verifier : undefined,
      ...changes,
    }
    for (const [name, value] of Object.entries(all)) if (value !== undefined) params[name] = value
    return this.provider.token(params, this.client.authentication)
  }

  /** The whole way: request, pages, code, tokens. */
  async signIn(browser: Browser, changes: Changes = {}, manners: Manners = {}): Promise<SignedIn> {
    const { request, callback, landing } = await this.code(browser, changes, manners)
    const tokens = tokensOf(await this.redeem(request, callback))
    return { request, landing, callback, tokens }
  }

  /** The way up to the code. */
  async code(browser: Browser, changes: Changes = {}, manners: Manners = {}) {
    const request = await this.request(changes)
    const landing = await browser.authorize(request.url, {
      person: ada,
      consent: 'allow',
      ...manners,
    })
    const callback = mustReturn(landing)
    return { request, landing, callback }
  }

  async refresh(refreshToken: string, changes: Readonly<Record<string, string>> = {}) {
    const params = { grant_type: 'refresh_token', refresh_token: refreshToken, ...changes }
    return this.provider.token(params, this.client.authentication)
  }
}

/** The same client by openid-client, which checks every answer for itself. */
export async function openidClient(issuer: string, client: TestClient) {
  return openid.discovery(
    new URL(issuer),
    client.id,
    { client_secret: secrets.secretOf(client.id) },
    openid.ClientSecretBasic(secrets.secretOf(client.id)),
    // oxlint-disable-next-line typescript/no-deprecated -- marked so only to stand out; this is http
    { execute: [openid.allowInsecureRequests] },
  )
}
