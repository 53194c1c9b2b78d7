const SECRET = 'bench-secret-bench-secret-bench-secret'
const REDIRECT_URI = 'https://app.bench.test/callback'
const API = 'https://api.bench.test'

/** More people than one, so that sign-ins do not queue for one row of the table of failures. */
const PEOPLE = 16
const PASSWORD = 'correct horse battery staple'

export const SCOPE = 'openid profile email offline_access bench:read'
export const app = { id: 'app', redirectUri: REDIRECT_URI, headers: basic('app') }
export const machine = { id: 'machine', headers: basic('machine') }
export const inspector = { id: 'inspector', headers: basic('inspector') }

export function personFor(lane) {
  return { email: `person${lane % PEOPLE}@bench.test`, password: PASSWORD }
}

/** The configuration file of the service under load: limits out of the way, no page asks for consent. */
export function configuration() {
  return {
    settings: {
      rate_limit_per_minute: 100_000_000,
      sign_in_failures_per_hour: 100,
      access_token_ttl_seconds: 3600,
    },
    resources: [
      { identifier: API, name: 'Bench API', scopes: { 'bench:read': 'Read what is measured' } },
    ],
    clients: [
      client(app.id, ['authorization_code', 'refresh_token'], {
        redirect_uris: [REDIRECT_URI],
        scope: SCOPE,
        consent: 'implicit',
      }),
      client(machine.id, ['client_credentials'], { scope: 'bench:read' }),
      client(inspector.id, ['client_credentials'], { introspection: true }),
    ],
    users: Array.from({ length: PEOPLE }, (_, lane) => ({
      ...personFor(lane),
      email_verified: true,
      claims: { name: `Person ${lane}`, given_name: 'Person', family_name: String(lane) },
    })),
  }
}

function client(id, grantTypes, rest) {
  return { client_id: id, client_secret: SECRET, grant_types: grantTypes, ...rest }
}

function basic(id) {
  return { authorization: `Basic ${Buffer.from(`${id}:${SECRET}`).toString('base64')}` }
}
