import * as oauth from 'oauth4webapi'

type Claims = Readonly<Record<string, unknown>>

const PROFILE = ['name', 'given_name', 'family_name', 'picture'] as const

export interface UserinfoQuestion {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly accessToken: string
  /** What the ID token says, verified. */
  readonly claims: Claims & { readonly sub: string }
}

/**
 * What a provider says of a person: by the ID token, and where that names no mailbox, by the userinfo endpoint beside it.
 * OIDC Core 1.0 §5.4 has a provider put the claims of `profile` and `email` there alone. Rejects with what
 * oauth4webapi throws.
 */
export async function toldClaims(
  { server, client, accessToken, claims }: UserinfoQuestion,
  options: oauth.UserInfoRequestOptions,
): Promise<Claims> {
  if (claims['email'] !== undefined || server.userinfo_endpoint === undefined) return claims
  const answer = await oauth.userInfoRequest(server, client, accessToken, options)
  // OIDC Core 1.0 §5.3.2: an answer about another subject is not to be used.
  const info: Claims = await oauth.processUserInfoResponse(server, client, claims.sub, answer)
  // A word about the address counts with the address that it stands beside.
  const told: Record<string, unknown> = {
    ...claims,
    email: info['email'],
    email_verified: info['email_verified'],
  }
  for (const name of PROFILE) told[name] = claims[name] ?? info[name]
  return told
}
