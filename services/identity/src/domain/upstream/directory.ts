import type { Clock } from '../../platform/clock.ts'
import type { UpstreamClient } from './client.ts'
import { inTime } from './in-time.ts'
import { createOAuth2Client } from './oauth2.ts'
import { createOpenIdClient } from './openid.ts'
import type { Provider } from './provider.ts'

/** The providers of this installation, in the order they are offered in. */
export interface ProviderDirectory {
  readonly all: readonly Provider[]
  find(id: string): UpstreamClient | undefined
}

/** Knows every provider; none is spoken to before somebody wants to sign in with it. */
export function createProviderDirectory(
  providers: readonly Provider[],
  clock: Clock,
): ProviderDirectory {
  const clients = new Map(
    providers.map((provider) => [provider.id, inTime(clientOf(provider, clock))]),
  )
  return { all: providers, find: (id) => clients.get(id) }
}

function clientOf(provider: Provider, clock: Clock): UpstreamClient {
  const { kind, clientSecret } = provider
  const isOAuth2 = kind === 'github' || kind === 'facebook'
  return isOAuth2 && typeof clientSecret === 'string'
    ? createOAuth2Client({ ...provider, kind, clientSecret })
    : createOpenIdClient(provider, clock)
}
