import type { Person } from './browser.ts'
import { basic, type ClientAuthentication, publicId, secretPost } from './provider.ts'

/** A registered client as its own developer knows it. */
export interface TestClient {
  readonly id: string
  readonly redirectUri: string
  readonly authentication: ClientAuthentication
}

export const ada: Person = { email: 'ada@example.test', password: 'correct horse battery staple' }
export const bob: Person = { email: 'bob@example.test', password: 'purple monkey dishwasher 77' }

export const notesApi = 'https://notes.example.test'
export const photosApi = 'https://photos.example.test/v1'

export const everyScope = 'openid profile email address phone offline_access notes:read notes:write'

const secretOf = (id: string) => `${id}-secret-${id}-secret-${id}-secret`

function confidential(id: string, redirectUri = `https://${id}.example.test/cb`): TestClient {
  return { id, redirectUri, authentication: basic(id, secretOf(id)) }
}

/** First-party web app, all grants, consent implicit. */
export const judge = confidential('judge')
/** A second one, for everything that must not cross from client to client. */
export const rival = confidential('rival')
/** Third-party app: consent is asked. */
export const asker = confidential('asker')
export const poster: TestClient = {
  ...confidential('poster'),
  authentication: secretPost('poster', secretOf('poster')),
}
/** Confidential and exempt from PKCE, as the certification suite's static clients are. */
export const legacy = confidential('legacy')
export const legacy2 = confidential('legacy2')
export const legacyPost: TestClient = {
  ...confidential('legacy-post'),
  authentication: secretPost('legacy-post', secretOf('legacy-post')),
}
/** Public client in a browser. */
export const spa: TestClient = {
  id: 'spa',
  redirectUri: 'https://spa.example.test/cb',
  authentication: publicId('spa'),
}
/** Public client on a computer (RFC 8252). */
export const native: TestClient = {
  id: 'native',
  redirectUri: 'http://127.0.0.1/cb',
  authentication: publicId('native'),
}
/** client_credentials only. */
export const machine = confidential('machine', '')
/** May introspect. */
export const inspector = confidential('inspector', '')
/** No scope but openid, no refresh. */
export const narrow = confidential('narrow')

export const secrets = { judge: secretOf('judge'), poster: secretOf('poster'), secretOf }

const codeAndRefresh = ['authorization_code', 'refresh_token']

function registration(client: TestClient, extra: Record<string, unknown> = {}) {
  return {
    client_id: client.id,
    client_secret: secretOf(client.id),
    client_name: `The ${client.id} app`,
    redirect_uris: [client.redirectUri],
    grant_types: codeAndRefresh,
    token_endpoint_auth_method: 'client_secret_basic',
    scope: everyScope,
    consent: 'implicit',
    ...extra,
  }
}

function publicRegistration(client: TestClient, extra: Record<string, unknown> = {}) {
  const { client_secret: _none, ...rest } = registration(client, extra)
  return { ...rest, token_endpoint_auth_method: 'none' }
}

export const loggedOut = 'https://judge.example.test/logged-out'

/** A configuration with a few people, APIs and clients of every kind; limits out of the way. */
export function world(settings: Record<string, unknown> = {}, clients: object[] = []): object {
  return {
    settings: {
      sign_up: 'open',
      mfa: 'optional',
      rate_limit_per_minute: 1_000_000,
      sign_in_failures_per_hour: 100,
      sign_in_failures_per_hour_and_network: 1_000_000,
      ...settings,
    },
    resources: [
      {
        identifier: notesApi,
        name: 'Notes',
        scopes: { 'notes:read': 'Read your notes', 'notes:write': 'Change your notes' },
      },
      {
        identifier: photosApi,
        name: 'Photos',
        scopes: { 'photos:read': 'See your photos', 'photos:admin': 'Manage all photos' },
      },
    ],
    roles: [{ name: 'admin', description: 'Operators' }],
    clients: [
      registration(judge, {
        grant_types: [...codeAndRefresh, 'client_credentials'],
        scope: `${everyScope} photos:read`,
        post_logout_redirect_uris: [loggedOut],
      }),
      registration(rival, { post_logout_redirect_uris: ['https://rival.example.test/logged-out'] }),
      registration(asker, { consent: 'explicit', scope: `${everyScope} photos:read` }),
      registration(poster, { token_endpoint_auth_method: 'client_secret_post' }),
      registration(legacy, {
        require_pkce: false,
        consent: 'explicit',
        post_logout_redirect_uris: ['https://legacy.example.test/logged-out'],
      }),
      registration(legacy2, { require_pkce: false, consent: 'explicit' }),
      registration(legacyPost, {
        require_pkce: false,
        consent: 'explicit',
        token_endpoint_auth_method: 'client_secret_post',
      }),
      publicRegistration(spa),
      publicRegistration(native, {
        redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'http://localhost:8765/cb'],
      }),
      registration(machine, {
        redirect_uris: [],
        grant_types: ['client_credentials'],
        scope: 'notes:read notes:write',
      }),
      registration(inspector, {
        redirect_uris: [],
        grant_types: ['client_credentials'],
        scope: 'notes:read',
        introspection: true,
      }),
      registration(narrow, { grant_types: ['authorization_code'], scope: 'openid' }),
      ...clients,
    ],
    users: [
      { ...ada, email_verified: true, roles: ['admin'], claims: adaClaims },
      { ...bob, email_verified: true, claims: { given_name: 'Bob', name: 'Bob Babbage' } },
    ],
  }
}

/** Every standard claim of OIDC Core 1.0 §5.1 that a configuration may give a person. */
export const adaClaims = {
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  middle_name: 'King',
  nickname: 'Addie',
  preferred_username: 'ada',
  profile: 'https://people.example.test/ada',
  picture: 'https://people.example.test/ada.png',
  website: 'https://ada.example.test',
  gender: 'female',
  birthdate: '1815-12-10',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  phone_number: '+44 20 7946 0123',
  phone_number_verified: true,
  address: {
    formatted: '12 St James’s Square\nLondon SW1Y 4JH\nUnited Kingdom',
    street_address: '12 St James’s Square',
    locality: 'London',
    region: 'England',
    postal_code: 'SW1Y 4JH',
    country: 'United Kingdom',
  },
}

export { registration, publicRegistration }

/** A further confidential client with redirect URIs of its own, and its registration. */
export function confidentialTwin(id: string, redirectUris: string[], extra: object = {}) {
  const client = confidential(id, redirectUris[0] ?? '')
  return { client, registration: registration(client, { redirect_uris: redirectUris, ...extra }) }
}
