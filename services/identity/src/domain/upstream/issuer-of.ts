import { tenantIssuer, tenantsOf } from './microsoft.ts'
import type { Provider } from './provider.ts'

/**
 * The `iss` that an ID token of a provider must have (OIDC Core 1.0 §3.1.3.7 (2)): what is configured, but for the two
 * who do otherwise. What the token says, not yet verified, only chooses among the spellings of one issuer; undefined
 * where it chooses none of them.
 */
export function issuerOf(
  { kind, issuer }: Pick<Provider, 'kind' | 'issuer'>,
  { iss, tid }: Readonly<Record<string, unknown>>,
): string | undefined {
  // Google documents both forms of its own, with the scheme and without.
  const bare = issuer.slice(new URL(issuer).protocol.length + 2)
  if (kind === 'google' && iss === bare) return bare
  const tenants = kind === 'oidc' ? tenantsOf(issuer) : undefined
  return tenants === undefined ? issuer : tenantIssuer(tenants, tid)
}
