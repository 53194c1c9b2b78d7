import type { Client } from '../../domain/clients/client.ts'
import { type Parameters, malformation, single } from '../../domain/oauth/parameters.ts'
import type { IdTokenHint, TokenVerifier } from '../../domain/tokens/verify.ts'
import type { TimedCache } from '../../platform/timed-cache.ts'

/** A sign-out request of an application, RP-Initiated Logout 1.0 §2. */
export interface EndSessionRequest {
  readonly client: Client | undefined
  readonly hint: IdTokenHint | undefined
  /** Where to go afterwards: registered for the client, byte for byte (§3). */
  readonly postLogoutRedirectUri: string | undefined
  readonly state: string | undefined
}

export type EndSessionFault =
  | 'invalid_request'
  | 'unknown_client'
  | 'bad_id_token_hint'
  | 'post_logout_redirect_uri_not_registered'

export type EndSessionOutcome =
  | { readonly kind: 'valid'; readonly request: EndSessionRequest }
  | { readonly kind: 'fault'; readonly fault: EndSessionFault; readonly hint: string }

export async function validateEndSession(
  parameters: Parameters,
  verifier: TokenVerifier,
  clients: TimedCache<Client | undefined>,
): Promise<EndSessionOutcome> {
  const refuse = (fault: EndSessionFault, hint: string) => ({ kind: 'fault', fault, hint }) as const
  const malformed = malformation(parameters)
  if (malformed !== undefined) return refuse('invalid_request', malformed)

  const hintText = single(parameters, 'id_token_hint')
  const hint = hintText === undefined ? undefined : await verifier.idTokenHint(hintText)
  if (hintText !== undefined && hint === undefined)
    return refuse('bad_id_token_hint', 'id_token_hint was not issued here')
  const named = single(parameters, 'client_id')
  // §2: when both are there, the client must be the one the ID token was issued to.
  if (named !== undefined && hint !== undefined && hint.clientId !== named)
    return refuse('bad_id_token_hint', 'id_token_hint was issued to another client')
  const clientId = hint?.clientId ?? named
  const client = clientId === undefined ? undefined : await clients.get(clientId)
  if (clientId !== undefined && client === undefined)
    return refuse('unknown_client', 'no client has this client_id')

  const uri = single(parameters, 'post_logout_redirect_uri')
  if (uri !== undefined && client?.metadata.post_logout_redirect_uris.includes(uri) === false)
    return refuse(
      'post_logout_redirect_uri_not_registered',
      'post_logout_redirect_uri is not registered for this client',
    )
  // Without a client there is nobody whose registration could allow it: the person stays on our page.
  const postLogoutRedirectUri = client === undefined ? undefined : uri
  const state = single(parameters, 'state')
  return { kind: 'valid', request: { client, hint, postLogoutRedirectUri, state } }
}
