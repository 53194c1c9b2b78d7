import type { Resource } from '../resources/resource.ts'

/** Scopes whose meaning is fixed by OIDC Core 1.0 §5.4 and §11, with no API behind them. */
export const OPENID_SCOPES = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
] as const

const KNOWN: readonly string[] = OPENID_SCOPES

export function isOpenIdScope(scope: string): boolean {
  return KNOWN.includes(scope)
}

/** The distinct scope tokens of a parameter, or undefined when one is not of the form of RFC 6749 §3.3. */
export function parseScope(text: string | undefined): string[] | undefined {
  const tokens = (text ?? '').split(' ').filter((token) => token !== '')
  if (!tokens.every((token) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(token))) return undefined
  return [...new Set(tokens)]
}

/**
 * A permission is what a person consents to: an OpenID scope by its name, an API's scope as `<resource> <scope>`,
 * so that `read` of one API is not `read` of another.
 */
export function permissionsOf(scopes: readonly string[], resources: readonly Resource[]): string[] {
  return scopes.flatMap((scope) =>
    isOpenIdScope(scope)
      ? [scope]
      : resources
          .filter((resource) => Object.hasOwn(resource.scopes, scope))
          .map((resource) => `${resource.identifier} ${scope}`),
  )
}

/** Of the scopes, those that mean something to the one API a token is for, and to this service itself. */
export function scopesFor(scopes: readonly string[], resource: Resource | undefined): string[] {
  return scopes.filter(
    (scope) =>
      isOpenIdScope(scope) || (resource !== undefined && Object.hasOwn(resource.scopes, scope)),
  )
}
