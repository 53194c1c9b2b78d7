/** An API that trusts our access tokens: its audience and what can be done there. */
export interface Resource {
  readonly identifier: string
  readonly name: string
  /** Scope name to the words a person reads on the consent page. */
  readonly scopes: Readonly<Record<string, string>>
}

export type Targets =
  | readonly Resource[]
  | { readonly error: 'invalid_target' | 'invalid_scope'; readonly reason: string }

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
        return { error: 'invalid_target', reason: 'resource is not known here' }
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
