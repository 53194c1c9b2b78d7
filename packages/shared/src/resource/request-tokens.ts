import type { AccessToken } from '../verify.ts'
import type { Credentials, Guards, Objection, Refusal } from './guards.ts'

/** The access tokens of requests, however many guards and routes ask for them. */
export interface RequestTokens<Request extends object> {
  /** Why a request may not pass; undefined when it may. */
  refusalOf(request: Request, objection: Objection): Promise<Refusal | undefined>
  /** The verified token. Throws for a request that no guard has let pass. */
  tokenOf(request: Request): AccessToken
}

/** Verifies the token of each request once, by the guards of an API, and keeps it for as long as the request lives. */
export function createRequestTokens<Request extends object>(
  guards: Pick<Guards, 'identify'>,
  credentialsOf: (request: Request) => Credentials,
): RequestTokens<Request> {
  const verified = new WeakMap<Request, AccessToken>()
  return {
    async refusalOf(request, objection) {
      const known = verified.get(request)
      if (known !== undefined) return objection(known)
      const who = await guards.identify(credentialsOf(request))
      if ('refusal' in who) return who.refusal
      verified.set(request, who.token)
      return objection(who.token)
    },
    tokenOf(request) {
      const token = verified.get(request)
      if (token === undefined) throw new Error('auth read on a route without a guard')
      return token
    },
  }
}
