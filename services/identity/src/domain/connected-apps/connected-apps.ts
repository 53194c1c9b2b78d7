import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { ClientMetadata } from '../clients/client.ts'
import { isOpenIdScope, permissionsOf } from '../oauth/scope.ts'
import type { Resource } from '../resources/resource.ts'
import { type ConsentRow, type LiveGrantRow, createConnectedAppStore } from './store.ts'

export interface ConnectedAppsDeps {
  readonly database: Database
  readonly clock: Clock
  /** Every API that is known here: their words for their scopes. */
  readonly resources: { get(key: 'all'): Promise<readonly Resource[]> }
}

/** Something an application may do: a scope of OpenID Connect, or of an API with the API's own words. */
export type Permission =
  | { readonly kind: 'standard'; readonly scope: string }
  | { readonly kind: 'api'; readonly scope: string; readonly api: string; readonly text: string }

export interface ConnectedApp {
  readonly clientId: string
  readonly metadata: ClientMetadata
  /** Whether the person was asked; applications of the operator's own need no yes. */
  readonly asked: boolean
  readonly permissions: readonly Permission[]
  /** The first yes or, for an application that asked for none, the oldest sign-in it can still use. */
  readonly since: Date
  /** The last yes. */
  readonly allowedAt: Date | undefined
  /** When it last got tokens that may still count. */
  readonly lastUsedAt: Date | undefined
  /** Whether it can go on when the person is away. */
  readonly offline: boolean
}

/** The applications that a person allowed, or that can act for the person now; last used first. */
export async function connectedApps(
  { database, clock, resources }: ConnectedAppsDeps,
  userId: string,
): Promise<ConnectedApp[]> {
  const store = createConnectedAppStore(database.db)
  const [consents, grants, apis] = await Promise.all([
    store.consentsOf(userId),
    store.liveGrantsOf(userId, clock()),
    resources.get('all'),
  ])
  const ids = new Set([...consents, ...grants].map(({ clientId }) => clientId))
  return [...ids]
    .flatMap((id) => {
      const consent = consents.find(({ clientId }) => clientId === id)
      const live = grants.filter(({ clientId }) => clientId === id)
      return connectedApp(consent, live, apis) ?? []
    })
    .toSorted((a, b) => latest(b).getTime() - latest(a).getTime())
}

const latest = ({ lastUsedAt, allowedAt, since }: ConnectedApp) => lastUsedAt ?? allowedAt ?? since

/** One application from the yes and the live grants of a person, of which there is one at least. */
function connectedApp(
  consent: ConsentRow | undefined,
  grants: readonly LiveGrantRow[],
  apis: readonly Resource[],
): ConnectedApp | undefined {
  const row = consent ?? grants[0]
  if (row === undefined) return undefined
  const times = (of: (grant: LiveGrantRow) => Date) => grants.map((grant) => of(grant).getTime())
  const firsts = [
    ...(consent === undefined ? [] : [(consent.firstGrantedAt ?? consent.grantedAt).getTime()]),
    ...times(({ createdAt }) => createdAt),
  ]
  const used = times(({ rotatedAt }) => rotatedAt)
  const spelled = [
    ...(consent?.permissions ?? []),
    ...grants.flatMap(({ scopes, resources }) =>
      permissionsOf(
        scopes,
        apis.filter(({ identifier }) => resources.includes(identifier)),
      ),
    ),
  ]
  return {
    clientId: row.clientId,
    metadata: row.metadata,
    asked: consent !== undefined,
    permissions: [...new Set(spelled)].flatMap((permission) => explained(permission, apis)),
    since: new Date(Math.min(...firsts)),
    allowedAt: consent?.grantedAt,
    lastUsedAt: used.length === 0 ? undefined : new Date(Math.max(...used)),
    offline: grants.some(({ refreshable }) => refreshable),
  }
}

/** A permission as oauth/scope.ts spells it; nothing for an API or a scope that is no more. */
function explained(permission: string, apis: readonly Resource[]): Permission[] {
  if (isOpenIdScope(permission)) return [{ kind: 'standard', scope: permission }]
  const [identifier, scope = ''] = permission.split(' ')
  const api = apis.find((candidate) => candidate.identifier === identifier)
  if (api === undefined || !Object.hasOwn(api.scopes, scope)) return []
  return [{ kind: 'api', scope, api: api.name, text: api.scopes[scope] ?? scope }]
}
