import { AUTH_METHODS, GRANT_TYPES } from '../../domain/clients/client.ts'
import { SIGNING_ALG } from '../../domain/keys/make-key.ts'
import { PROMPTS } from '../../domain/oauth/prompt.ts'
import { OPENID_SCOPES } from '../../domain/oauth/scope.ts'
import type { Resource } from '../../domain/resources/resource.ts'
import { SUPPORTED_ACR } from '../../domain/oauth/acr.ts'
import { SUPPORTED_CLAIMS } from '../../domain/users/claims.ts'
import { SUPPORTED_LOCALES } from '../../http/language/language.ts'
import { paths } from '../../http/paths.ts'

/** What this service supports, taken from the code that supports it (RFC 8414 §2, OIDC Discovery 1.0 §3). */
export function metadata(issuer: string, resources: readonly Resource[]): Record<string, unknown> {
  const confidential = AUTH_METHODS.filter((method) => method !== 'none')
  const apiScopes = resources.flatMap(({ scopes }) => Object.keys(scopes))
  return {
    issuer,
    authorization_endpoint: issuer + paths.authorize,
    token_endpoint: issuer + paths.token,
    userinfo_endpoint: issuer + paths.userinfo,
    jwks_uri: issuer + paths.jwks,
    end_session_endpoint: issuer + paths.endSession,
    introspection_endpoint: issuer + paths.introspect,
    revocation_endpoint: issuer + paths.revoke,
    scopes_supported: [...new Set([...OPENID_SCOPES, ...apiScopes])],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: GRANT_TYPES,
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [SIGNING_ALG],
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    introspection_endpoint_auth_methods_supported: confidential,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    acr_values_supported: SUPPORTED_ACR,
    prompt_values_supported: PROMPTS,
    display_values_supported: ['page', 'popup'],
    claim_types_supported: ['normal'],
    claims_supported: [
      ...['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce', 'sid', 'at_hash'],
      ...SUPPORTED_CLAIMS,
    ],
    claims_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: SUPPORTED_LOCALES,
  }
}
