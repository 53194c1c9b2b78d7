import { isLoopbackHost } from '../oauth/redirect-uri.ts'

/** Microsoft's sign-in services: the global one and its national clouds. */
const HOSTS: ReadonlySet<string> = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
])
/** The tenant of everybody who has no other one. */
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad'
const TENANT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const PLACE = '{tenantid}'

/** An issuer that stands for many tenants; each of them signs by an issuer of its own. */
export interface Tenants {
  readonly of: 'common' | 'organizations' | 'consumers'
  /** The issuer of any tenant, with `{tenantid}` in its place. */
  readonly template: string
}

/** The tenants that a configured issuer stands for; a loopback host is Microsoft's stand-in. */
export function tenantsOf(issuer: string): Tenants | undefined {
  const { host, hostname, origin, pathname } = new URL(issuer)
  const [, of] = /^\/(common|organizations|consumers)\/v2\.0$/.exec(pathname) ?? []
  if (of !== 'common' && of !== 'organizations' && of !== 'consumers') return undefined
  if (!HOSTS.has(host) && !isLoopbackHost(hostname)) return undefined
  return { of, template: `${origin}/${PLACE}/v2.0` }
}

/** Whether it is Microsoft's sign-in service, for one tenant or for many. */
export function isMicrosoft(issuer: string): boolean {
  return HOSTS.has(new URL(issuer).host) || tenantsOf(issuer) !== undefined
}

/** Whether a discovery document may name this issuer for these tenants. */
export function isAnnouncedBy({ of, template }: Tenants, announced: unknown): boolean {
  return (
    announced === template ||
    (of === 'consumers' && announced === inTenant(template, PERSONAL_TENANT))
  )
}

/** The issuer of the tenant that a token says it is of; undefined where no such tenant may sign in. */
export function tenantIssuer({ of, template }: Tenants, tenant: unknown): string | undefined {
  if (typeof tenant !== 'string' || !TENANT_ID.test(tenant)) return undefined
  const isPersonal = tenant === PERSONAL_TENANT
  if (of === (isPersonal ? 'organizations' : 'consumers')) return undefined
  return inTenant(template, tenant)
}

/**
 * Those of a set of keys that may sign for an issuer. Microsoft names at each key whose tokens it signs: one for
 * personal accounts must never sign for an organisation.
 */
export function keysFor(keys: unknown, issuer: string): readonly object[] {
  const all: readonly unknown[] = Array.isArray(keys) ? keys : []
  return all.filter((key): key is object => {
    if (typeof key !== 'object' || key === null) return false
    const of: unknown = 'issuer' in key ? key.issuer : undefined
    if (of === undefined) return true
    const [, tenant = ''] = /\/([\da-f-]{36})\/v2\.0$/.exec(issuer) ?? []
    return typeof of === 'string' && inTenant(of, tenant) === issuer
  })
}

/**
 * Whether Microsoft says that the address is one of a domain whose owner it knows. Its other claims about addresses are
 * what any administrator of any tenant has typed ("nOAuth").
 */
export function isDomainOwnersAddress({
  xms_edov: said,
}: Readonly<Record<string, unknown>>): boolean {
  return said === true || said === 'true' || said === 1 || said === '1'
}

function inTenant(template: string, tenant: string): string {
  return template.replace(PLACE, tenant)
}
