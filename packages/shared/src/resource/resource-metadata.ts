export interface ResourceMetadataOptions {
  readonly issuer: string
  readonly audience: string
  readonly resourceName?: string
  readonly scopesSupported?: readonly string[]
}

export interface ResourceMetadata {
  readonly url: string
  readonly path: string
  readonly document: Readonly<Record<string, unknown>>
}

/** Public, and the same for everybody. */
export const METADATA_HEADERS = {
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=300',
} as const

/**
 * The protected resource's metadata and its place (RFC 9728 §2, §3.1): the well-known part goes between the
 * host and the path of the resource identifier. Undefined for an audience that is no http(s) URL, as such
 * an identifier has no host to ask.
 */
export function resourceMetadata(options: ResourceMetadataOptions): ResourceMetadata | undefined {
  const { issuer, audience, resourceName, scopesSupported } = options
  if (!URL.canParse(audience)) return undefined
  const { protocol, origin, pathname, search } = new URL(audience)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  const path = `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`
  return {
    url: `${origin}${path}${search}`,
    path,
    document: {
      resource: audience,
      authorization_servers: [issuer],
      ...(scopesSupported === undefined ? {} : { scopes_supported: scopesSupported }),
      bearer_methods_supported: ['header'],
      ...(resourceName === undefined ? {} : { resource_name: resourceName }),
    },
  }
}
