import { ProviderError } from './provider-error.ts'

/** Why a sign-in did not work, in a form that a page can put in words. */
export interface SignInProblem {
  readonly status: 400 | 403 | 502 | 503
  readonly code: 'access_denied' | 'expired' | 'failed' | 'too_large' | 'unavailable'
  readonly message: string
}

/** No transaction of this browser fits: forged, replayed, too old, or begun in another browser. */
export const expiredSignIn: SignInProblem = {
  status: 400,
  code: 'expired',
  message: 'This sign-in was not started in this browser, is already used, or took too long.',
}

/** The tokens do not fit into cookies. */
export const tooLargeSignIn: SignInProblem = {
  status: 502,
  code: 'too_large',
  message: 'The identity service issued more than this application can hold.',
}

/** Tells a person what an issuer's failure means for them; throws what is no issuer's failure. */
export function signInProblem(error: unknown): SignInProblem {
  if (!(error instanceof ProviderError)) throw error
  switch (error.kind) {
    case 'denied':
      return { status: 403, code: 'access_denied', message: 'The sign-in was declined.' }
    case 'unavailable':
      return {
        status: 503,
        code: 'unavailable',
        message: 'The identity service does not answer at the moment.',
      }
    case 'ended':
    case 'invalid':
      return {
        status: 400,
        code: 'failed',
        message: 'The identity service gave an answer that could not be accepted.',
      }
  }
}
