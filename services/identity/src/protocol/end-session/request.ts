import type { Client } from '../../domain/clients/client.ts'
import { explainIdTokenHint } from '../../domain/faults/explain-token.ts'
import { explainUri } from '../../domain/faults/explain-uri.ts'
import type { Why } from '../../domain/faults/why.ts'
import { type Parameters, malformation, single } from '../../domain/oauth/parameters.ts'
import { redirectUriFault } from '../../domain/oauth/redirect-uri.ts'
import type { IdTokenHint, TokenVerifier } from '../../domain/tokens/verify.ts'
import type { Clock } from '../../platform/clock.ts'
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
  | {
      readonly kind: 'fault'
      readonly fault: EndSessionFault
      readonly client?: Client | undefined
      readonly why: Why
    }

export interface EndSessionChecks {
  readonly issuer: string
  readonly verifier: TokenVerifier
  readonly clients: TimedCache<Client | undefined>
  readonly clock: Clock
}

export async function validateEndSession(
  parameters: Parameters,
  { issuer, verifier, clients, clock }: EndSessionChecks,
): Promise<EndSessionOutcome> {
  const refuse = (fault: EndSessionFault, why: Why) => ({ kind: 'fault', fault, why }) as const
  const malformed = malformation(parameters)
  if (malformed !== undefined)
    return refuse('invalid_request', {
      check: 'parameter_malformed',
      received: { reason: malformed },
    })

  const hintText = single(parameters, 'id_token_hint')
  const hint = hintText === undefined ? undefined : await verifier.idTokenHint(hintText)
  const named = single(parameters, 'client_id')
  const badHint = (token: string) => {
    const about = { token, issuer, now: clock(), ...(named !== undefined && { clientId: named }) }
    return refuse('bad_id_token_hint', explainIdTokenHint(about))
  }
  if (hintText !== undefined && hint === undefined) return badHint(hintText)
  // §2: when both are there, the client must be the one the ID token was issued to.
  if (hintText !== undefined && named !== undefined && hint?.clientId !== named)
    return badHint(hintText)
  const clientId = hint?.clientId ?? named
  const client = clientId === undefined ? undefined : await clients.get(clientId)
  if (clientId !== undefined && client === undefined)
    return refuse('unknown_client', {
      check: 'client_unknown',
      received: { client_id: clientId },
    })

  const uri = single(parameters, 'post_logout_redirect_uri')
  const parameter = 'post_logout_redirect_uri'
  const registered = client?.metadata.post_logout_redirect_uris
  if (uri !== undefined && registered?.includes(uri) === false) {
    const question = { parameter, clientId: clientId ?? '', registered, asked: uri } as const
    const why = explainUri({ ...question, unregistrable: redirectUriFault(uri) })
    return { ...refuse('post_logout_redirect_uri_not_registered', why), client }
  }
  // Without a client there is nobody whose registration could allow it: the person stays on our page.
  const postLogoutRedirectUri = client === undefined ? undefined : uri
  const state = single(parameters, 'state')
  return { kind: 'valid', request: { client, hint, postLogoutRedirectUri, state } }
}
