import { shownUri } from '../faults/shown.ts'
import type { Why } from '../faults/why.ts'

/** An API that trusts our access tokens: its audience and what can be done there. */
export interface Resource {
  readonly identifier: string
  readonly name: string
  /** Scope name to the words a person reads on the consent page. */
  readonly scopes: Readonly<Record<string, string>>
}

export type Targets =
  | readonly Resource[]
  | {
      readonly error: 'invalid_target' | 'invalid_scope'
      readonly reason: string
      readonly why: Why
    }

/**
 * The APIs a request is about: those named by `resource` (RFC 8707 §2), else the one that the scopes point to
 * (RFC 9068 §3: scopes of different default resources are refused).
 */
export function targetResources(
  asked: readonly string[],
  apiScopes: readonly string[],
  known: readonly Resource[],
): Targets {
  if (asked.length > 0) {
    const targets: Resource[] = []
    for (const identifier of new Set(asked)) {
      const resource = known.find((candidate) => candidate.identifier === identifier)
      if (resource === undefined)
        return {
          error: 'invalid_target',
          reason: 'resource is not known here',
          why: explainResource(identifier, known),
        }
      targets.push(resource)
    }
    return targets
  }
  if (apiScopes.length === 0) return []
  const owner = known.find((resource) =>
    apiScopes.every((scope) => Object.hasOwn(resource.scopes, scope)),
  )
  if (owner === undefined)
    return {
      error: 'invalid_scope',
      reason: 'the scopes belong to several APIs: name one by resource',
      why: {
        check: 'resource_ambiguous',
        expected: { resource: known.map(({ identifier }) => identifier).join(' or ') },
        received: { scope: apiScopes.join(' ') },
      },
    }
  return [owner]
}

/** The APIs at which a client may have any scope at all: no other may be named, not even for a token without scopes. */
export function reachable(
  known: readonly Resource[],
  allowedScopes: readonly string[],
): Resource[] {
  return known.filter(({ scopes }) => allowedScopes.some((scope) => Object.hasOwn(scopes, scope)))
}

/** Identifiers are compared as text (RFC 8707 §2), so a slash at the end is enough to miss. */
function explainResource(asked: string, known: readonly Resource[]): Why {
  const bare = (identifier: string) => identifier.replace(/\/+$/, '').toLowerCase()
  const near = known.find(({ identifier }) => bare(identifier) === bare(asked))
  return {
    check: 'resource_unknown',
    expected: { resource: near?.identifier ?? known.map((api) => api.identifier).join(' or ') },
    received: { resource: shownUri(asked) },
    ...(near !== undefined && {
      advice:
        'It differs by a slash at the end, or by case, from the one that is known: send that as it stands.',
    }),
  }
}
