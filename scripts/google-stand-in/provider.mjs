import { createHash, randomBytes } from 'node:crypto'
import { chosenClaims } from './people.mjs'
import { createSigningKey } from './signing-key.mjs'

const CODE_TTL_MS = 60_000
const ID_TOKEN_TTL_SECONDS = 3600
/** Google's own paths, as far as they are on the issuer's host. */
export const endpoints = {
  metadata: '/.well-known/openid-configuration',
  authorization: '/o/oauth2/v2/auth',
  token: '/token',
  keys: '/oauth2/v3/certs',
}

/** An OpenID Provider with one client and Google's habits, which believes whoever says who they are. */
export async function createProvider({ issuer, clientId, clientSecret, redirectUri }) {
  const key = await createSigningKey()
  const codes = new Map()

  function metadata() {
    return {
      issuer,
      authorization_endpoint: `${issuer}${endpoints.authorization}`,
      token_endpoint: `${issuer}${endpoints.token}`,
      jwks_uri: `${issuer}${endpoints.keys}`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      scopes_supported: ['openid', 'email', 'profile'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }
  }

  /** What is wrong with an authorization request. Nobody is sent on with one that is not right in all. */
  function faultsOf(request) {
    const is = (name, value) => request.getAll(name).length === 1 && request.get(name) === value
    const has = (name, pattern) =>
      request.getAll(name).length === 1 && pattern.test(request.get(name))
    const checks = [
      [is('client_id', clientId), 'client_id is not the one this stand-in was started for.'],
      [
        is('redirect_uri', redirectUri),
        `redirect_uri must be ${redirectUri}, character by character.`,
      ],
      [is('response_type', 'code'), 'response_type must be code.'],
      [has('scope', /(?:^| )openid(?: |$)/), 'scope must contain openid.'],
      [has('state', /./), 'state is missing.'],
      [is('code_challenge_method', 'S256'), 'code_challenge_method must be S256.'],
      [has('code_challenge', /^[\w-]{43}$/), 'code_challenge must be the 43 characters of S256.'],
    ]
    return checks.filter(([isRight]) => !isRight).map(([, fault]) => fault)
  }

  function remember(code, grant) {
    const now = Date.now()
    for (const [old, { expiresAt }] of codes) if (expiresAt <= now) codes.delete(old)
    codes.set(code, { ...grant, expiresAt: now + CODE_TTL_MS })
  }

  /** Where the browser goes on to: back, with a code for whoever was chosen, or with an error. */
  function answer(request, form) {
    const back = new URL(redirectUri)
    const claims = chosenClaims(form)
    if (claims === undefined) {
      const wasRefused = form.get('decision') === 'refuse'
      back.searchParams.set('error', wasRefused ? 'server_error' : 'access_denied')
    } else {
      const code = randomBytes(32).toString('base64url')
      const [nonce, challenge] = [request.get('nonce') ?? undefined, request.get('code_challenge')]
      remember(code, { claims: { ...claims, nonce }, challenge })
      back.searchParams.set('code', code)
    }
    back.searchParams.set('state', request.get('state'))
    // RFC 9207, as Google does.
    back.searchParams.set('iss', issuer)
    return back.href
  }

  /** A code for an ID token, once: status and body of the answer. */
  function exchange(form) {
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return [401, { error: 'invalid_client' }]
    if (form.get('grant_type') !== 'authorization_code')
      return [400, { error: 'unsupported_grant_type' }]
    const code = form.get('code') ?? ''
    const grant = codes.get(code)
    codes.delete(code)
    const verifier = form.get('code_verifier') ?? ''
    const isRight =
      grant !== undefined &&
      grant.expiresAt > Date.now() &&
      grant.challenge === createHash('sha256').update(verifier).digest('base64url') &&
      form.get('redirect_uri') === redirectUri
    if (!isRight) return [400, { error: 'invalid_grant' }]
    const iat = Math.floor(Date.now() / 1000)
    const times = { iat, exp: iat + ID_TOKEN_TTL_SECONDS }
    const idToken = key.signed({
      iss: issuer,
      aud: clientId,
      azp: clientId,
      ...times,
      ...grant.claims,
    })
    const tokens = { id_token: idToken, access_token: randomBytes(32).toString('base64url') }
    return [200, { ...tokens, token_type: 'Bearer', expires_in: ID_TOKEN_TTL_SECONDS }]
  }

  return { metadata, keys: () => ({ keys: [key.published] }), faultsOf, answer, exchange }
}
