import type { Client } from '../../domain/clients/client.ts'
import type { Parameters } from '../../domain/oauth/parameters.ts'

/** The answer of RFC 6749 §5.1. */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
  readonly refresh_token?: string
  readonly id_token?: string
}

/** What a grant is handed: the shared phases (form, client, grant type) are behind it. */
export interface TokenRequest {
  readonly client: Client
  readonly form: Parameters
  readonly now: Date
  readonly ip: string
}

/** One grant type: what is unique to it, and nothing else. Throws OAuthError. */
export type TokenGrant = (request: TokenRequest) => Promise<TokenResponse>
