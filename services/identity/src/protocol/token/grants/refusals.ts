import type { Why } from '../../../domain/faults/why.ts'
import { OAuthError } from '../../../domain/oauth/error.ts'

/** RFC 6749 §5.2: one code for all of them; the description helps the developer whose own code or token it was. */
export function grantRefusal(description: string, why: Why): OAuthError {
  return new OAuthError('invalid_grant', description, { why })
}

/** ASVS 9.2.4: a token for two APIs lets either act at the other. */
export function severalResources(named: readonly string[]): OAuthError {
  const description = 'name one resource: each access token is for one API'
  const why = { check: 'resource_repeated', received: { resource: named.join(' and ') } } as const
  return new OAuthError('invalid_target', description, { why })
}

/** RFC 8707 §2.2: a resource that the authorization request did not name. */
export function resourceBeyondGrant(
  asked: readonly string[],
  granted: readonly string[],
): OAuthError {
  return new OAuthError('invalid_target', 'resource is not one of those granted', {
    why: {
      check: 'resource_beyond_grant',
      expected: { resource: granted.length === 0 ? '(none)' : granted.join(' or ') },
      received: { resource: asked.join(' and ') },
    },
  })
}
