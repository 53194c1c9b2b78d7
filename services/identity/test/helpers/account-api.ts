import { Browser } from './browser.ts'
import type { Identity } from './identity.ts'
import { Provider, type Tokens } from './provider.ts'
import { type Changes, RelyingParty } from './relying-party.ts'
import { type Answer, isRecord, jsonOf, type Sending, send } from './wire.ts'
import {
  ada,
  publicRegistration,
  registration,
  spa,
  type TestClient,
  confidentialTwin,
} from './world.ts'
import type { Person } from './browser.ts'

/** An application that may do everything with accounts. */
export const keeper = confidentialTwin('keeper', ['https://keeper.example.test/cb'])
/** The same, and the person is asked. */
export const stranger = confidentialTwin('stranger', ['https://stranger.example.test/cb'])
/** May look, no more. */
export const viewer = confidentialTwin('viewer', ['https://viewer.example.test/cb'])
/** Acts for itself. */
export const robot = confidentialTwin('robot', [])

const scope = 'openid offline_access account account:read notes:read'

/** Clients that know the account API, for the configuration of a test. */
export const accountClients: readonly object[] = [
  registration(keeper.client, { scope }),
  registration(stranger.client, { scope, consent: 'explicit' }),
  registration(viewer.client, { scope: 'openid offline_access account:read' }),
  registration(robot.client, {
    scope: 'account account:read',
    redirect_uris: [],
    grant_types: ['client_credentials'],
  }),
]

/** A configuration in which the application in a browser knows the account API, too. */
export function withAccountScope(config: object): object {
  const clients = 'clients' in config && Array.isArray(config.clients) ? config.clients : []
  return {
    ...config,
    clients: clients.map((client: unknown) =>
      isRecord(client) && client['client_id'] === spa.id
        ? publicRegistration(spa, { scope })
        : client,
    ),
  }
}

/** The account API as an application uses it. */
export function accountApi(identity: Identity) {
  const provider = new Provider(identity.issuer)
  const base = `${identity.issuer}/account/api/v1`

  async function signedIn(
    person: Person = ada,
    changes: Changes = {},
    client: TestClient = keeper.client,
    browser = new Browser(identity.issuer),
  ): Promise<Tokens> {
    const rp = new RelyingParty(provider, client)
    return (await rp.signIn(browser, { scope: 'openid account', ...changes }, { person })).tokens
  }

  return {
    base,
    provider,
    signedIn,
    /** A token that may do everything in a person's name, as new as the sign-in. */
    tokenOf: async (person: Person = ada, changes: Changes = {}) =>
      (await signedIn(person, changes)).accessToken,
    async call(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
      return this.raw(path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    raw: async (path: string, sending: Sending = {}) => send(base + path, sending),
  }
}

/** `422 invalid_input #/code`: status, problem and places of a refusal; throws when it is no problem of ours. */
export function problemOf(answer: Answer): string {
  const type = answer.headers.get('content-type')
  if (type?.startsWith('application/problem+json') !== true)
    return `${answer.status} ${type} ${answer.body}`
  const { type: uri, status, title, instance, errors } = jsonOf(answer)
  if (status !== answer.status || typeof title !== 'string' || typeof instance !== 'string')
    throw new Error(`not a problem of RFC 9457: ${answer.body}`)
  const name = String(uri)
    .replace(/^.*\/docs\/problems#/, '')
    .replaceAll('-', '_')
  const places = (Array.isArray(errors) ? errors : [])
    .filter(isRecord)
    .map((error) => String(error['pointer'] ?? error['parameter']))
  return [answer.status, name, ...places].join(' ')
}
