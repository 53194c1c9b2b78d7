import type { Resource } from './resource.ts'

/** What applications may do with a person's account, in the person's name. */
const ACCOUNT_SCOPES = ['account:read', 'account'] as const
export type AccountScope = (typeof ACCOUNT_SCOPES)[number]

/** The audience of access tokens for the account API. */
export function accountAudience(issuer: string): string {
  return `${issuer}/account/api`
}

/** The APIs of this service itself: known without configuration, and nobody else's to define. */
export function builtInResources(issuer: string): readonly Resource[] {
  return [
    {
      identifier: accountAudience(issuer),
      name: 'Your account',
      scopes: {
        'account:read': 'See your account, its devices, apps and security log',
        account: 'Manage your account: change your details and sign-in, or delete it',
      } satisfies Record<AccountScope, string>,
    },
  ]
}

const RESERVED: readonly string[] = ACCOUNT_SCOPES

/** Whether a scope belongs to an API of this service, so that no other may be called the same. */
export function isBuiltInScope(scope: string): scope is AccountScope {
  return RESERVED.includes(scope)
}

/** The APIs that are known here: those of the configuration, and ours. */
export function withBuiltIn(issuer: string, configured: readonly Resource[]): readonly Resource[] {
  const own = builtInResources(issuer)
  const taken = new Set(own.map(({ identifier }) => identifier))
  // A row from before the identifier was taken must not stand in for ours.
  return [...own, ...configured.filter(({ identifier }) => !taken.has(identifier))]
}
