import type { CheckWords } from '../check-words.ts'

/** Checks of the authorization endpoint, in their order. */
export const authorizationChecks = {
  client_id_missing: {
    cause: 'The authorization request names no client.',
    fix: 'Send client_id with every authorization request.',
  },
  client_unknown: {
    cause: 'No client is registered under the client_id that came.',
    fix: 'Compare it, letter by letter, with client_id under clients: in the configuration file. If the client is new, apply the file.',
  },
  redirect_uri_missing: {
    cause: 'The authorization request has no redirect_uri (OIDC Core 1.0 §3.1.2.1 demands it).',
    fix: 'Send the redirect_uri that is registered for the client, also when it is the only one.',
  },
  redirect_uri_not_registered: {
    cause:
      'The redirect_uri is not one that the client has registered; they are compared byte for byte.',
    fix: 'Send a registered one as it stands, or add this one to redirect_uris of the client, if it is the application’s own.',
  },
  state_too_large: {
    cause: 'state is longer than 4,096 characters, which could not be given back in a header.',
    fix: 'Keep what the application wants to remember on its side, and send only a random key to it as state.',
  },
  request_too_large: {
    cause: 'The parameters together are longer than 8,192 characters.',
    fix: 'Send less: scopes, claims and state are what usually grows.',
  },
  parameter_malformed: {
    cause: 'A parameter came twice, or holds characters that are not text (RFC 6749 §3.1).',
    fix: 'Send each parameter once, as UTF-8 text; only resource may be repeated.',
  },
  response_mode_unsupported: {
    cause: 'The response_mode is not supported.',
    fix: 'Leave response_mode out, or send query or form_post.',
  },
  response_type_missing: {
    cause: 'The authorization request has no response_type.',
    fix: 'Send response_type=code.',
  },
  response_type_unsupported: {
    cause:
      'The response_type asks for tokens in the address of a page, which RFC 9700 §2.1.2 advises against.',
    fix: 'Use the code flow: response_type=code, with PKCE. Libraries for browsers support it.',
  },
  code_flow_not_allowed: {
    cause: 'The client may not use the authorization code flow.',
    fix: 'Add authorization_code to grant_types of the client.',
  },
  request_object_unsupported: {
    cause: 'request, request_uri and registration are not supported (OIDC Core 1.0 §6, §7).',
    fix: 'Send the parameters themselves; switch request objects off in the client library.',
  },
  pkce_missing: {
    cause: 'The request has no code_challenge, and this client must use PKCE (RFC 9700 §2.1.1).',
    fix: 'Make a code_verifier per request, and send its S256 hash as code_challenge with code_challenge_method=S256.',
  },
  pkce_method_unsupported: {
    cause:
      'The code_challenge_method is not S256. Without one it counts as plain, which shows the verifier (RFC 7636 §4.3).',
    fix: 'Send code_challenge_method=S256, and as code_challenge the SHA-256 hash of the verifier in base64url.',
  },
  pkce_challenge_malformed: {
    cause:
      'The code_challenge is not the SHA-256 hash of a verifier: 43 characters of base64url, without padding (RFC 7636 §4.2).',
    fix: 'Encode the 32 bytes of the hash, not their hexadecimal text, in base64url without “=”.',
  },
  prompt_unsupported: {
    cause: 'The prompt holds a value that is not supported, or none beside another value.',
    fix: 'Use none alone, or any of login, consent and select_account.',
  },
  max_age_malformed: {
    cause: 'max_age is not a number of seconds.',
    fix: 'Send whole seconds in digits, such as max_age=3600.',
  },
  claims_malformed: {
    cause: 'claims is not a JSON object of OIDC Core 1.0 §5.5.',
    fix: 'Send a JSON object with the members userinfo and id_token, percent-encoded once.',
  },
  scope_malformed: {
    cause: 'scope is empty, or holds characters that no scope may have (RFC 6749 §3.3).',
    fix: 'Separate scopes by single spaces (%20 or + in a query), not by commas.',
  },
  scope_not_allowed: {
    cause: 'The client asks for a scope that is not in its settings.',
    fix: 'Ask for less, or add the scope to scope of the client.',
  },
  scope_grants_nothing: {
    cause: 'No scope was asked for that anybody here knows.',
    fix: 'Ask for openid to sign somebody in, or for a scope of an API under resources: in the configuration file.',
  },
  scope_of_other_resource: {
    cause: 'A scope was asked for that does not belong to the resource that is named.',
    fix: 'Name the resource that has the scope, or leave resource out and ask for scopes of one API.',
  },
  resource_unknown: {
    cause: 'The resource is not an API of this service, or not one where the client has any scope.',
    fix: 'Send identifier of an entry under resources: as it stands there, and give the client one of its scopes.',
  },
  resource_ambiguous: {
    cause: 'The scopes belong to several APIs, and the request does not say which it means.',
    fix: 'Name the API by resource (RFC 8707), and ask for the scopes of one API at a time.',
  },
  resource_without_scope: {
    cause: 'A resource is named, and none of its scopes is asked for.',
    fix: 'Add a scope of that API to scope, or leave resource out.',
  },
  id_token_hint_invalid: {
    cause: 'The id_token_hint is not an ID token that this service gave to this client.',
    fix: 'Send the id_token of the client’s own sign-in as it came; expired ones are accepted.',
  },
  nobody_signed_in: {
    cause:
      'prompt=none was asked, and nobody is signed in at this browser, or not recently enough.',
    fix: 'Nothing is broken: send the person through the flow again without prompt=none.',
  },
  consent_needed: {
    cause: 'prompt=none was asked, and the person has not yet allowed what the client asks for.',
    fix: 'Send the person through the flow once without prompt=none. For an application of your own, set consent: implicit.',
  },
  account_choice_needed: {
    cause: 'prompt=none was asked, and the person must choose an account.',
    fix: 'Send the person through the flow without prompt=none.',
  },
  other_person_signed_in: {
    cause: 'Another person signed in than the one that id_token_hint or claims ask for.',
    fix: 'Leave the hint out to accept anybody, or ask the person to sign in with that account.',
  },
  second_factor_needed: {
    cause: 'prompt=none was asked, and the sign-in is not worth the acr that is asked for.',
    fix: 'Nothing is broken: send the person through the flow again without prompt=none.',
  },
  acr_not_met: {
    cause: 'The claims parameter makes an acr essential that no sign-in here reaches.',
    fix: 'Ask for it as a wish by acr_values, or for an acr of acr_values_supported in the discovery document.',
  },
  person_refused: {
    cause: 'The person pressed “Deny” or “Cancel”.',
    fix: 'Nothing is broken: say so in the application, and offer to try again.',
  },
} as const satisfies Record<string, CheckWords>
