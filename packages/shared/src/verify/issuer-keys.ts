import type { JWK } from 'jose'
import { boundedFetch, type Fetch } from '../bounded-fetch.ts'
import { isSafeUrl } from '../loopback.ts'

export interface PublishedKeys {
  readonly keys: readonly JWK[]
  /** What the issuer's Cache-Control allows, when it says so. */
  readonly maxAgeSeconds: number | undefined
}

export interface IssuerKeysOptions {
  readonly issuer: string
  /** Skips discovery. */
  readonly jwksUri: string | undefined
  readonly fetch: Fetch
}

// 64 KiB holds some 150 RSA keys; 5 s is longer than any healthy issuer takes.
const LIMITS = { timeoutMs: 5000, maxBytes: 65_536 }

/**
 * Fetches the configured issuer's public keys; each call asks the network. The place of the keys is learnt
 * from the issuer's metadata once, and again after a failure. Rejects when the keys cannot be had.
 */
export function createIssuerKeys({ issuer, jwksUri, fetch }: IssuerKeysOptions) {
  const get = boundedFetch(fetch, LIMITS)
  let known = jwksUri

  async function getJson(url: string) {
    const response = await get(url, { headers: { accept: 'application/json' } })
    // A redirect is not followed: it could lead to keys of somebody else.
    if (response.status !== 200) return { status: response.status, response, body: undefined }
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null) throw new Error(`${url} is no JSON object`)
    return { status: 200, response, body: body as Record<string, unknown> }
  }

  async function discover(): Promise<string> {
    const statuses: number[] = []
    for (const url of metadataUrls(issuer)) {
      const { status, body } = await getJson(url)
      statuses.push(status)
      if (body === undefined) continue
      // The document must name the very issuer it was asked of. RFC 8414 §3.3
      if (body['issuer'] !== issuer) throw new Error(`${url} names another issuer`)
      const uri = body['jwks_uri']
      if (typeof uri !== 'string' || !isSafeUrl(new URL(uri))) {
        throw new Error(`${url} has no usable jwks_uri`)
      }
      return uri
    }
    throw new Error(`no metadata of ${issuer} (status ${statuses.join(', ')})`)
  }

  return async (): Promise<PublishedKeys> => {
    const uri = known ?? (await discover())
    try {
      const { status, response, body } = await getJson(uri)
      if (body === undefined) throw new Error(`${uri} answered ${status}`)
      const { keys } = body
      if (!Array.isArray(keys)) throw new Error(`${uri} is no key set`)
      known = uri
      return { keys, maxAgeSeconds: maxAge(response.headers.get('cache-control')) }
    } catch (error) {
      known = jwksUri
      throw error
    }
  }
}

/** Where an issuer publishes its metadata: RFC 8414 §3.1 puts the path last, OIDC Discovery 1.0 §4 first. */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname === '/' ? '' : pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

function maxAge(cacheControl: string | null): number | undefined {
  const digits = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(cacheControl ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
