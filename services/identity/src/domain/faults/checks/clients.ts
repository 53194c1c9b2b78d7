import type { CheckWords } from '../check-words.ts'

/** Checks of the door that the endpoints for programs share. */
export const clientChecks = {
  client_authentication_missing: {
    cause: 'The request says nothing about which client it comes from.',
    fix: 'Send client_id and the secret by token_endpoint_auth_method of the client; a public client sends client_id alone.',
  },
  client_authentication_malformed: {
    cause: 'The Authorization header holds no Basic credentials that can be read.',
    fix: 'Send “Basic ” and the base64 of client_id:client_secret, each form-urlencoded before (RFC 6749 §2.3.1).',
  },
  client_authentication_twice: {
    cause: 'The client proved itself in two ways at once (RFC 6749 §2.3 allows one).',
    fix: 'Send the secret either in the Authorization header or in the form.',
  },
  client_assertion_unsupported: {
    cause: 'The client signed an assertion (private_key_jwt), which is not supported.',
    fix: 'Use client_secret_basic or client_secret_post.',
  },
  client_not_found: {
    cause: 'No client is registered under the client_id that wants to prove itself.',
    fix: 'Compare it, letter by letter, with client_id under clients: in the configuration file. If the client is new, apply the file.',
  },
  client_method_differs: {
    cause: 'The client proves itself in another way than the one it has registered.',
    fix: 'Change the method in the client library, or token_endpoint_auth_method of the client.',
  },
  client_secret_wrong: {
    cause: 'The client secret is not the registered one.',
    fix: 'Set client_secret anew in the configuration file and in the application. Mind line ends in files and environment variables, and $ in shells.',
  },
  client_id_differs: {
    cause: 'client_id in the form names another client than the one in the Authorization header.',
    fix: 'Leave client_id out of the form, or send the same one.',
  },
  client_failed_too_often: {
    cause: 'Too many wrong proofs came from this network within a minute; right ones wait as well.',
    fix: 'Mend the client that fails, then wait a minute. The limit is rate_limit_per_minute under settings:.',
  },
  introspection_not_allowed: {
    cause: 'The client may not ask about tokens (RFC 7662 §2.1).',
    fix: 'Set introspection: true at the client of the API, if it is meant to.',
  },
  origin_not_registered: {
    cause:
      'A page of an origin that no redirect_uri of the client has asked for this answer, and the browser keeps it from reading it (CORS).',
    fix: 'Register a redirect_uri at the origin of that page. Scheme, host and port all count.',
  },
  body_type_unsupported: {
    cause: 'The body of the request is not a form (RFC 6749 §3.2).',
    fix: 'Send application/x-www-form-urlencoded, not JSON.',
  },
} as const satisfies Record<string, CheckWords>
