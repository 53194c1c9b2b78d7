import type { CheckWords } from '../check-words.ts'

/** Checks of codes, refresh tokens and access tokens. */
export const tokenChecks = {
  grant_type_missing: {
    cause: 'The token request has no grant_type.',
    fix: 'Send grant_type=authorization_code, refresh_token or client_credentials, in the form body.',
  },
  grant_type_unsupported: {
    cause: 'The grant_type is not supported; the password grant never will be (RFC 9700 §2.4).',
    fix: 'Use authorization_code with PKCE for people and client_credentials for programs.',
  },
  grant_type_not_allowed: {
    cause: 'The client may not use this grant_type.',
    fix: 'Add it to grant_types of the client.',
  },
  code_missing: {
    cause: 'The token request has no code.',
    fix: 'Send the code of the callback in the form body.',
  },
  code_unknown: {
    cause: 'The code was not made here, or not with the keys of this service, or was cut.',
    fix: 'Send code as it stood in the callback, decoded once. After a change of SECRET_KEYS, sign in again.',
  },
  code_expired: {
    cause: 'The code was redeemed after its time.',
    fix: 'Redeem a code at once. If it was: compare the clocks of the machines; code_ttl_seconds under settings: makes it longer.',
  },
  code_used: {
    cause: 'The code was redeemed before, so all that it gave has been revoked (RFC 6749 §4.1.2).',
    fix: 'Redeem a code once. A page that is reloaded, effects that run twice in development, and retries after a time-out are what redeems it again.',
  },
  code_session_ended: {
    cause: 'The sign-in behind the code has ended, or its person is disabled.',
    fix: 'Sign in again.',
  },
  code_of_other_client: {
    cause: 'The code was issued to another client.',
    fix: 'Redeem it with the client_id that asked for it.',
  },
  redirect_uri_left_out: {
    cause: 'The token request has no redirect_uri, and the authorization request had one.',
    fix: 'Send the same redirect_uri again (RFC 6749 §4.1.3).',
  },
  redirect_uri_differs: {
    cause:
      'The redirect_uri of the token request is not the one of the authorization request (RFC 6749 §4.1.3).',
    fix: 'Send the same one, byte for byte.',
  },
  pkce_verifier_missing: {
    cause:
      'The authorization request had a code_challenge, and the token request no code_verifier.',
    fix: 'Keep the code_verifier until the callback, and send it. A redirect to another host or a new tab may have lost it.',
  },
  pkce_verifier_differs: {
    cause: 'The code_verifier does not hash to the code_challenge (RFC 7636 §4.6).',
    fix: 'Send the verifier of this very request: a second tab or request may have overwritten it. It has 43 to 128 characters.',
  },
  pkce_verifier_unexpected: {
    cause:
      'The token request has a code_verifier, and the authorization request had no code_challenge: a downgrade in progress (RFC 9700 §4.8.2).',
    fix: 'Send code_challenge with the authorization request; a proxy or a rewritten link may have dropped it.',
  },
  refresh_token_missing: {
    cause: 'The token request has no refresh_token.',
    fix: 'Send the refresh token of the last answer. There is one only when offline_access was granted.',
  },
  refresh_token_unknown: {
    cause: 'The refresh token was not made here, or not with the keys of this service, or was cut.',
    fix: 'Send it as it came; an access token or an ID token is none. After a change of SECRET_KEYS, sign in again.',
  },
  refresh_token_expired: {
    cause:
      'The refresh token lay unused for too long, or the time set at sign-in is over (refresh_idle_seconds, refresh_max_seconds).',
    fix: 'Sign in again, or change the two settings.',
  },
  refresh_token_reused: {
    cause:
      'The refresh token had been replaced by a newer one. Somebody else may have it, so its whole grant has ended (RFC 9700 §4.14.2).',
    fix: 'Keep the newest token only, and refresh once at a time: several processes or tabs with one token are the usual cause.',
  },
  refresh_token_of_other_client: {
    cause: 'The refresh token was issued to another client.',
    fix: 'Refresh with the client_id that got it.',
  },
  refresh_token_ended: {
    cause:
      'The grant behind the refresh token has ended: by a sign-out, a revocation, a replayed code or token, or a disabled account.',
    fix: 'Sign in again.',
  },
  offline_access_missing: {
    cause: 'The client may not have refresh tokens, or no longer.',
    fix: 'Add offline_access to scope and refresh_token to grant_types of the client, ask for offline_access, and sign in again.',
  },
  scope_beyond_grant: {
    cause: 'The refresh asks for a scope that the person has not granted (RFC 6749 §6).',
    fix: 'Ask for less, or send the person through an authorization request with that scope.',
  },
  resource_beyond_grant: {
    cause: 'The resource is not one that the authorization request named.',
    fix: 'Name it in the authorization request; resource may be repeated there.',
  },
  resource_repeated: {
    cause: 'The token request names several resources; an access token here is for one API.',
    fix: 'Send one request for each API.',
  },
  token_parameter_missing: {
    cause: 'The request has no token.',
    fix: 'Send the token as token in the form body.',
  },
  token_of_other_client: {
    cause: 'The token was issued to another client (RFC 7009 §2.1).',
    fix: 'Revoke it as the client that got it.',
  },
  access_token_missing: {
    cause: 'The request carries no access token.',
    fix: 'Send “Authorization: Bearer ” and the access token.',
  },
  access_token_malformed: {
    cause: 'The Authorization header holds no Bearer token.',
    fix: 'Send “Authorization: Bearer ” and the access token, with nothing around it. The token in the query does not count.',
  },
  access_token_twice: {
    cause: 'The access token came both in the header and in the form (RFC 6750 §2).',
    fix: 'Send it in the header only.',
  },
  access_token_expired: {
    cause: 'The access token was used after its time.',
    fix: 'Refresh it a little before expires_in is over; compare the clocks of the machines.',
  },
  access_token_invalid: {
    cause: 'The token is not an access token of this service, or was changed, or has been revoked.',
    fix: 'Send the access_token of the last answer; an ID token is for the client only.',
  },
  access_token_without_openid: {
    cause: 'The access token lacks the scope openid, or belongs to no person.',
    fix: 'Ask for openid in the authorization request. A client_credentials token has no userinfo.',
  },
} as const satisfies Record<string, CheckWords>
