import { createVerifier, TokenError, type AccessToken, type VerifierOptions } from '../verify.ts'
import { EXPOSED } from './exposed-headers.ts'
import {
  authenticationNeed,
  isAuthenticatedEnough,
  type RequireAcrOptions,
} from './authentication-need.ts'
import { bearerToken } from './bearer-token.ts'
import {
  formatChallenge,
  invalidToken,
  malformedCredentials,
  missingRoles,
  missingScopes,
  noCredentials,
  weakAuthentication,
  type Challenge,
} from './challenge.ts'
import {
  resourceMetadata,
  type ResourceMetadata,
  type ResourceMetadataOptions,
} from './resource-metadata.ts'

export interface SignetOptions extends VerifierOptions, ResourceMetadataOptions {
  /** Named in challenges; the audience by default. */
  readonly realm?: string
  /** The issuer's levels of authentication, the weakest first: a route that wants one takes those after it. */
  readonly acrLevels?: readonly string[]
}

/** As Signet has them. */
const ACR_LEVELS = ['aal1', 'aal2']

/** Where a request may hold an access token, and where it must not. */
export interface Credentials {
  /** The value of each Authorization header. */
  readonly authorization: readonly string[]
  readonly query: URLSearchParams
}

/** The whole answer to a request that may not pass, for any server to write. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503
  /** In lower case. A page of another origin can read the challenge only if it is exposed to it. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly error: string; readonly error_description: string }
  /** What was wrong with the token: for the log, never for the caller. */
  readonly fault?: TokenError
}

/** What is held against a token that is good in itself. */
export type Objection = (token: AccessToken) => Refusal | undefined

export interface Guards {
  /** Finds and verifies the access token of a request. */
  identify(credentials: Credentials): Promise<{ token: AccessToken } | { refusal: Refusal }>
  readonly none: Objection
  scopes(wanted: readonly string[]): Objection
  roles(wanted: readonly string[]): Objection
  /** Throws TypeError for a need that could never be met. */
  acr(wanted: string, options?: RequireAcrOptions): Objection
  /** Undefined for an audience that is no http(s) URL. */
  readonly metadata: ResourceMetadata | undefined
}

/** Makes what every kind of server needs to protect its routes by access tokens of one issuer. */
export function createGuards(options: SignetOptions): Guards {
  const verifier = createVerifier(options)
  const metadata = resourceMetadata(options)
  const { acrLevels = ACR_LEVELS, clock = Date.now } = options
  const realm = options.realm ?? options.audience

  function refusalOf(problem: Challenge, fault?: TokenError): Refusal {
    const { status, error, description } = problem
    const headers = {
      'www-authenticate': formatChallenge(problem, realm, metadata?.url),
      [EXPOSED]: 'WWW-Authenticate',
      'cache-control': 'no-store',
    }
    const body = { error: error ?? 'unauthorized', error_description: description }
    return { status, headers, body, ...(fault !== undefined && { fault }) }
  }

  const objectsTo =
    (problem: Challenge, isMet: (token: AccessToken) => boolean): Objection =>
    (token) =>
      isMet(token) ? undefined : refusalOf(problem)

  return {
    metadata,
    async identify({ authorization, query }) {
      const found = bearerToken(authorization, query)
      if (found.status === 'absent') return { refusal: refusalOf(noCredentials) }
      if (found.status === 'malformed')
        return { refusal: refusalOf(malformedCredentials(found.reason)) }
      try {
        return { token: await verifier.verify(found.token) }
      } catch (error) {
        if (!(error instanceof TokenError)) throw error
        const isOurs = error.code === 'keys_unavailable'
        return { refusal: isOurs ? unavailable(error) : refusalOf(invalidToken, error) }
      }
    },
    none: () => undefined,
    scopes: (wanted) =>
      objectsTo(missingScopes(wanted), ({ scopes }) => wanted.every((one) => scopes.includes(one))),
    roles: (wanted) =>
      objectsTo(missingRoles, ({ roles }) => wanted.every((one) => roles.includes(one))),
    acr(wanted, acrOptions) {
      const need = authenticationNeed(acrLevels, wanted, acrOptions)
      return objectsTo(weakAuthentication(need), (token) =>
        isAuthenticatedEnough(token, need, Math.floor(clock() / 1000)),
      )
    },
  }
}

/** Not the caller's fault, and no reason to make anybody sign in anew. */
function unavailable(fault: TokenError): Refusal {
  return {
    status: 503,
    headers: { 'retry-after': String(fault.retryAfterSeconds ?? 1), 'cache-control': 'no-store' },
    body: {
      error: 'temporarily_unavailable',
      error_description: 'Access tokens cannot be checked at the moment.',
    },
    fault,
  }
}
