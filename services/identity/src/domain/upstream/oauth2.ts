import { createHmac } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import { type OutboundFetch, createOutboundFetch } from '../../platform/outbound/fetch.ts'
import { recordOf } from '../../platform/record.ts'
import type { UpstreamClient, Visit } from './client.ts'
import { personOf } from './person.ts'
import { type Provider, isLoopbackProvider } from './provider.ts'
import { UpstreamError, asUpstreamError } from './refusal.ts'

interface Endpoints {
  readonly authorization: string
  readonly token: string
  /** Where the provider's API says who somebody is. */
  readonly api: string
}

type Ask = (path: string, parameters?: Record<string, string>) => Promise<unknown>

/** What differs between providers that speak OAuth 2.0 and know no ID token. */
interface Dialect {
  endpoints(issuer: string): Endpoints
  /** The subject, and what else is known, in the claims of OpenID Connect. */
  claims(ask: Ask, accessToken: string, secret: string): Promise<Record<string, unknown>>
}

const github: Dialect = {
  endpoints: (issuer) => ({
    authorization: `${issuer}/login/oauth/authorize`,
    token: `${issuer}/login/oauth/access_token`,
    // GitHub Enterprise and tests have the API below the same host.
    api: issuer === 'https://github.com' ? 'https://api.github.com' : `${issuer}/api/v3`,
  }),
  async claims(ask) {
    const user = recordOf(await ask('/user'))
    // An app without that permission gets 403 or 404: it is told no address, and the person is asked for one.
    const emails: unknown = await ask('/user/emails').catch((error: unknown) => {
      if (error instanceof UpstreamError) return []
      throw error
    })
    const all = Array.isArray(emails) ? emails.map(recordOf) : []
    const email = all.find(({ primary, verified }) => primary === true && verified === true)
    return {
      // The login can be renamed and taken by another; the number cannot.
      sub: idOf(user['id']),
      email: email?.['email'],
      email_verified: email !== undefined,
      name: user['name'] ?? user['login'],
      picture: user['avatar_url'],
    }
  },
}

const facebook: Dialect = {
  endpoints: (issuer) => ({
    authorization: `${issuer}/v23.0/dialog/oauth`,
    token: `${graphOf(issuer)}/oauth/access_token`,
    api: graphOf(issuer),
  }),
  async claims(ask, accessToken, secret) {
    // Graph API, "Securing requests": a stolen token is worth nothing without our secret.
    const proof = createHmac('sha256', secret).update(accessToken).digest('hex')
    const fields = 'id,name,first_name,last_name,email'
    const user = recordOf(await ask('/me', { fields, appsecret_proof: proof }))
    return {
      sub: idOf(user['id']),
      // May be missing, and nobody says whether it was ever proved.
      email: user['email'],
      email_verified: false,
      name: user['name'],
      given_name: user['first_name'],
      family_name: user['last_name'],
    }
  },
}

const graphOf = (issuer: string) =>
  issuer === 'https://www.facebook.com' ? 'https://graph.facebook.com/v23.0' : `${issuer}/v23.0`

type OAuth2Provider = Provider & {
  readonly kind: 'github' | 'facebook'
  readonly clientSecret: string
}

/** A provider that speaks OAuth 2.0 only: who somebody is comes from its API, with the token just issued. */
export function createOAuth2Client(provider: OAuth2Provider): UpstreamClient {
  const { clientId, clientSecret, issuer, scope } = provider
  const insecure = isLoopbackProvider(provider)
  const outbound = createOutboundFetch({ loopback: insecure })
  const dialect = provider.kind === 'github' ? github : facebook
  const { authorization, token, api } = dialect.endpoints(issuer)
  const as: oauth.AuthorizationServer = { issuer, token_endpoint: token }
  const client: oauth.Client = { client_id: clientId }

  async function accessToken({ parameters, state, redirectUri, verifier }: Visit): Promise<string> {
    const callback = oauth.validateAuthResponse(as, client, parameters, state)
    const how = oauth.ClientSecretPost(clientSecret)
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      how,
      callback,
      redirectUri,
      verifier,
      { [oauth.customFetch]: outbound, [oauth.allowInsecureRequests]: insecure },
    )
    // GitHub answers errors with 200.
    const body = recordOf(await answer.json())
    const { access_token: value, error } = body
    if (answer.status !== 200 || typeof value !== 'string' || value === '')
      throw new UpstreamError('failed', `the token answer is ${answer.status} ${String(error)}`)
    return value
  }

  return {
    provider,
    async address({ redirectUri, state, challenge, isAgain }) {
      const url = new URL(authorization)
      const parameters = {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(isAgain && provider.kind === 'facebook' && { auth_type: 'reauthenticate' }),
        ...(isAgain && provider.kind === 'github' && { prompt: 'select_account' }),
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url.href
    },
    async person(visit) {
      try {
        const bearer = await accessToken(visit)
        const ask = asking(outbound, api, bearer)
        const claims = await dialect.claims(ask, bearer, clientSecret)
        const { sub } = claims
        if (typeof sub !== 'string') throw new UpstreamError('failed', 'the API names nobody')
        const outcome = personOf(provider, issuer, sub, claims)
        if (outcome.kind === 'other_domain') throw new UpstreamError('other_domain', 'no hd')
        return outcome.person
      } catch (error) {
        throw asUpstreamError(error)
      }
    },
  }
}

function asking(outbound: OutboundFetch, api: string, bearer: string): Ask {
  return async (path, parameters = {}) => {
    const url = new URL(api + path)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    const headers = { authorization: `Bearer ${bearer}`, 'user-agent': 'signet' }
    const answer = await outbound(url.href, { headers })
    if (answer.status !== 200) throw new UpstreamError('failed', `${path} answers ${answer.status}`)
    const body: unknown = await answer.json()
    return body
  }
}

/** Ids are numbers at GitHub and digits at Facebook. */
function idOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  return typeof text === 'string' && /^\d{1,30}$/.test(text) ? text : undefined
}
