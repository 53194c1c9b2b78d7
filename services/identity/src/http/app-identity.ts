import { type Client, displayName } from '../domain/clients/client.ts'
import type { AppIdentity } from './parts/app-identity.ts'

/** What a page may say about an application. */
export function appIdentity(client: Client): AppIdentity {
  const { logo_uri, client_uri, policy_uri, tos_uri } = client.metadata
  return {
    name: displayName(client),
    logoUri: logo_uri,
    clientUri: client_uri,
    policyUri: policy_uri,
    tosUri: tos_uri,
  }
}
