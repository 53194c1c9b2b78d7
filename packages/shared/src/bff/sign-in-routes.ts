import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { generateRandomCodeVerifier, generateRandomNonce, generateRandomState } from 'oauth4webapi'
import { randomBytes } from 'node:crypto'
import type { Provider, SignIn } from './provider.ts'
import { returnUrl } from './return-to.ts'
import type { Session, SessionStore } from './session.ts'
import {
  expiredSignIn,
  signInProblem,
  tooLargeSignIn,
  type SignInProblem,
} from './sign-in-problem.ts'
import { type StepUp, stepUpOf, stepUpParameters } from './step-up.ts'
import type { TransactionStore } from './transaction.ts'
import { displayClaims } from './user-claims.ts'

export type ShowProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  problem: SignInProblem,
) => FastifyReply | Promise<FastifyReply>

export interface SignInDeps {
  readonly provider: Provider
  readonly sessions: SessionStore
  readonly transactions: TransactionStore
  readonly baseUrl: string
  readonly clock: () => number
  readonly showProblem: ShowProblem
}

/** Signing in: away to the issuer, and back with a code. */
export function signInRoutes(deps: SignInDeps): FastifyPluginAsync {
  const { provider, sessions, transactions, baseUrl, clock, showProblem } = deps

  async function claimsFor(request: FastifyRequest, { tokens, claims }: SignIn) {
    try {
      return displayClaims(claims, await provider.userinfo(tokens.accessToken, claims.sub))
    } catch (error) {
      // A name for display is not worth failing a sign-in that is otherwise sound.
      request.log.warn({ err: error }, 'no userinfo; the ID token has to do')
      return displayClaims(claims)
    }
  }

  async function newSession(request: FastifyRequest, signIn: SignIn): Promise<Session> {
    const { tokens, claims } = signIn
    return {
      id: randomBytes(16).toString('base64url'),
      sub: claims.sub,
      user: await claimsFor(request, signIn),
      signedInAt: Math.floor(clock() / 1000),
      tokensAt: Math.floor(clock() / 1000),
      accessToken: tokens.accessToken,
      accessExpiresAt: tokens.accessExpiresAt,
      refreshToken: tokens.refreshToken ?? null,
      idToken: tokens.idToken,
      scopes: tokens.scopes ?? [],
      csrfToken: randomBytes(32).toString('base64url'),
    }
  }

  return async (app) => {
    // No HEAD twins: asking about these routes must not use anything up.
    app.get('/login', { exposeHeadRoute: false }, async (request, reply) => {
      const { return_to: wish, acr_values, max_age } = request.query as Record<string, unknown>
      const stepUp = stepUpOf(acr_values, max_age)
      const { maxAgeSeconds } = stepUp
      const transaction = {
        state: generateRandomState(),
        nonce: generateRandomNonce(),
        codeVerifier: generateRandomCodeVerifier(),
        returnTo: returnUrl(wish, baseUrl),
        authenticatedAfter:
          maxAgeSeconds === undefined ? undefined : Math.floor(clock() / 1000) - maxAgeSeconds,
      }
      try {
        const url = await provider.authorizationUrl(transaction, {
          ...stepUpParameters(stepUp),
          ...samePerson(stepUp, sessions.read(request)),
        })
        transactions.begin(request, reply, transaction)
        return await reply.redirect(url, 303)
      } catch (error) {
        request.log.error({ err: error }, 'sign-in could not start')
        return showProblem(request, reply, signInProblem(error))
      }
    })

    app.get('/callback', { exposeHeadRoute: false }, async (request, reply) => {
      const parameters = new URL(request.url, baseUrl).searchParams
      const transaction = transactions.take(request, reply, parameters.get('state') ?? '')
      if (transaction === undefined) {
        // The back button, in a browser that is signed in: nothing changes, so nothing is wrong.
        if (sessions.read(request) !== undefined)
          return reply.redirect(new URL('/', baseUrl).href, 303)
        request.log.warn('callback without a transaction of this browser')
        return showProblem(request, reply, expiredSignIn)
      }
      try {
        const signIn = await provider.redeem(parameters, transaction)
        const session = await newSession(request, signIn)
        if (sessions.write(request, reply, session))
          return await reply.redirect(transaction.returnTo, 303)
        request.log.error('the tokens do not fit into cookies')
        return await showProblem(request, reply, tooLargeSignIn)
      } catch (error) {
        request.log.warn({ err: error }, 'sign-in failed')
        return showProblem(request, reply, signInProblem(error))
      }
    })
  }
}

/** Of several accounts of a browser, the one that is asked for more is the one that is signed in here. */
function samePerson(
  { acrValues, maxAgeSeconds }: StepUp,
  session: Session | undefined,
): Record<string, string> {
  const email = session?.user['email']
  const isStepUp = acrValues.length > 0 || maxAgeSeconds !== undefined
  return isStepUp && typeof email === 'string' ? { login_hint: email } : {}
}
