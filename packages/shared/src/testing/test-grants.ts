import { SignJWT } from 'jose'
import { createHash, randomUUID } from 'node:crypto'
import { mintTestToken, type TestKey } from './mint-test-token.ts'

export interface TestUser {
  readonly sub: string
  readonly [claim: string]: unknown
}

export interface TestGrantSettings {
  accessTokenTtlSeconds: number
  /** Put over the ID token's claims; `undefined` leaves one out. */
  idTokenClaims: Record<string, unknown>
  issueRefreshToken: boolean
  /** Granted instead of what was asked for. */
  scope: string | undefined
  roles: readonly string[]
  user: TestUser
  /** How the person is said to have signed in; by default, as asked for and just now. */
  authentication: { readonly acr?: string; readonly authTime?: number }
}

interface Deps {
  readonly clientId: string
  readonly clientSecret: string
  readonly settings: TestGrantSettings
  readonly issuer: () => string
  readonly signer: () => TestKey
  readonly clock: () => number
}

/** What was asked for, and how the person signed in. */
interface Grant {
  readonly request: URLSearchParams
  readonly acr: string
  /** Seconds since the epoch. */
  readonly authTime: number
}

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

const refuse = (error: string, status = 400): Answer => ({ status, body: { error } })

/** The grants of the test issuer: one code per authorization, one live refresh token per grant. */
export function createTestGrants({
  clientId,
  clientSecret,
  settings,
  issuer,
  signer,
  clock,
}: Deps) {
  const codes = new Map<string, Grant>()
  const refreshTokens = new Map<string, Grant>()

  // Both halves are form-encoded before they are joined. RFC 6749 §2.3.1
  function isClient(authorization = ''): boolean {
    const [scheme, encoded = ''] = authorization.split(' ')
    const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
    const fits = decodeURIComponent(id) === clientId && decodeURIComponent(secret) === clientSecret
    return scheme === 'Basic' && fits
  }

  async function issue(grant: Grant, withIdToken: boolean): Promise<Answer> {
    const key = signer()
    const { request, acr, authTime: auth_time } = grant
    const { user, roles, accessTokenTtlSeconds: ttlSeconds } = settings
    const scope = settings.scope ?? request.get('scope') ?? ''
    const accessToken = await mintTestToken({
      key,
      issuer: issuer(),
      sub: user.sub,
      scope,
      roles,
      ttlSeconds,
      now: clock(),
      audience: request.get('resource') ?? clientId,
      claims: { client_id: clientId, acr, auth_time },
    })
    const body: Record<string, unknown> = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: ttlSeconds,
      scope,
    }
    if (settings.issueRefreshToken) {
      const refreshToken = randomUUID()
      refreshTokens.set(refreshToken, grant)
      body['refresh_token'] = refreshToken
    }
    if (withIdToken) body['id_token'] = await idToken(key, grant)
    return { status: 200, body }
  }

  function idToken(key: TestKey, { request, acr, authTime }: Grant): Promise<string> {
    const iat = Math.floor(clock() / 1000)
    const claims = {
      iss: issuer(),
      aud: clientId,
      sub: settings.user.sub,
      iat,
      exp: iat + 3600,
      nonce: request.get('nonce'),
      acr,
      auth_time: authTime,
      ...settings.idTokenClaims,
    }
    const present = Object.entries(claims).filter(([, value]) => value !== undefined)
    return new SignJWT(Object.fromEntries(present))
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .sign(key.privateKey)
  }

  return {
    /** Where an authorization request leads: back at once, with a code. */
    authorize(request: URLSearchParams): string {
      const code = randomUUID()
      const [asked = 'aal1'] = request.get('acr_values')?.split(' ') ?? []
      const { acr = asked, authTime = Math.floor(clock() / 1000) } = settings.authentication
      codes.set(code, { request, acr, authTime })
      const target = new URL(request.get('redirect_uri') ?? '')
      target.searchParams.set('code', code)
      target.searchParams.set('state', request.get('state') ?? '')
      target.searchParams.set('iss', issuer())
      return target.href
    },

    async token(form: URLSearchParams, authorization: string | undefined): Promise<Answer> {
      if (!isClient(authorization)) return refuse('invalid_client', 401)
      if (form.get('grant_type') === 'refresh_token') {
        const token = form.get('refresh_token') ?? ''
        const grant = refreshTokens.get(token)
        refreshTokens.delete(token)
        return grant === undefined ? refuse('invalid_grant') : issue(grant, false)
      }
      const code = form.get('code') ?? ''
      const grant = codes.get(code)
      codes.delete(code)
      const request = grant?.request
      const verifier = form.get('code_verifier') ?? ''
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      const fits =
        request?.get('code_challenge') === challenge &&
        request.get('code_challenge_method') === 'S256' &&
        request.get('redirect_uri') === form.get('redirect_uri')
      return fits && grant !== undefined ? issue(grant, true) : refuse('invalid_grant')
    },

    revoke(token: string): void {
      refreshTokens.delete(token)
    },
  }
}
