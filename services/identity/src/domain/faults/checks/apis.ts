import type { CheckWords } from '../check-words.ts'

/** Checks of the APIs of this service itself. */
export const apiChecks = {
  access_token_of_other_api: {
    cause: 'The access token is for another audience than the API that was called (RFC 9068 §4).',
    fix: 'Name the API by resource in the authorization request and in the token request, with a scope of it.',
  },
  access_token_lacks_scope: {
    cause: 'The access token has no scope that allows the call (RFC 6750 §3.1).',
    fix: 'Add the scope to scope of the client and ask the person for it in the authorization request.',
  },
  access_token_without_person: {
    cause:
      'The access token came from client_credentials: it acts for the client, and no person is behind it.',
    fix: 'Use authorization_code, so that a person allows the call.',
  },
  sign_in_too_old: {
    cause: 'The call changes the account, and the person signed in too long ago (RFC 9470 §3).',
    fix: 'Send the person through the authorization endpoint with max_age as the challenge says, and call with the new token. A refresh does not renew the sign-in.',
  },
  sign_in_too_weak: {
    cause:
      'The call changes the account of a person with a second factor, who has not shown it in this sign-in (RFC 9470 §3).',
    fix: 'Send the person through the authorization endpoint with acr_values and max_age as the challenge says, and call with the new token.',
  },
  api_input_not_acceptable: {
    cause:
      'The body, the query or a variable of the path does not fit the description of the operation.',
    fix: 'See /docs for what the operation takes; errors of the answer names each place.',
  },
} as const satisfies Record<string, CheckWords>
