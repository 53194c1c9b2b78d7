import { type Client, allowedScopes } from '../clients/client.ts'
import { explainScopes } from '../faults/explain-scope.ts'
import type { Why } from '../faults/why.ts'
import { type Parameters, single } from '../oauth/parameters.ts'
import { OPENID_SCOPES, isOpenIdScope, parseScope } from '../oauth/scope.ts'
import type { Resource } from '../resources/resource.ts'

/** The scopes of a request that mean something, and of those the APIs'; or why the client may not have them. */
export function askedScopes(
  parameters: Parameters,
  client: Client,
  known: readonly Resource[],
): { all: string[]; api: string[] } | { refused: string; why: Why } {
  const text = single(parameters, 'scope')
  const tokens = parseScope(text)
  if (tokens === undefined)
    return {
      refused: 'scope holds characters that no scope may have',
      why: { check: 'scope_malformed', received: { scope: text ?? '' } },
    }
  // OIDC Core 1.0 §3.1.2.1: scopes that are not understood are ignored.
  const meaningful = tokens.filter(
    (scope) =>
      isOpenIdScope(scope) || known.some((resource) => Object.hasOwn(resource.scopes, scope)),
  )
  const allowed = allowedScopes(client)
  const why = () =>
    explainScopes({
      clientId: client.id,
      asked: tokens,
      allowed,
      known: [...OPENID_SCOPES, ...known.flatMap(({ scopes }) => Object.keys(scopes))],
    })
  if (!meaningful.every((scope) => allowed.includes(scope)))
    return { refused: 'the client may not ask for one of these scopes', why: why() }
  if (meaningful.length === 0)
    return { refused: 'scope names nothing that can be granted', why: why() }
  return { all: meaningful, api: meaningful.filter((scope) => !isOpenIdScope(scope)) }
}
