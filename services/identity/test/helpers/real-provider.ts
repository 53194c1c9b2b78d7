import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider, interactionPolicy } from 'oidc-provider'
import type { Test } from 'tap'
import { Browser } from './browser.ts'
import { clientId, clientSecret } from './upstream.ts'
import { isRecord } from './wire.ts'

interface Person {
  readonly sub: string
  readonly [claim: string]: unknown
}

/**
 * An OpenID Provider that nobody of this project wrote, with the habits of Google, on a loopback
 * port. It serves once it knows its client: the client is started with its issuer, and has its own
 * address only then.
 */
export async function startRealProvider(
  t: Test,
  {
    algorithm = 'RS256',
    claimsIn = 'id_token',
  }: {
    readonly algorithm?: 'RS256' | 'ES256' | 'ES384'
    readonly claimsIn?: 'id_token' | 'userinfo'
  } = {},
) {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'first', alg: algorithm, use: 'sig' }
  const people = new Map<string, Person>()
  const idTokens: string[] = []
  const prompts: string[] = []
  let chosen = ''
  let handle = (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(503).end()
  }

  const server = createServer((request, response) => {
    handle(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function serve(redirectUri: string): void {
    const policy = interactionPolicy.base()
    const { Prompt } = interactionPolicy
    policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: 'client_secret_post',
          id_token_signed_response_alg: algorithm,
        },
      ],
      jwks: { keys: [key] },
      enabledJWA: { idTokenSigningAlgValues: [algorithm] },
      cookies: { keys: ['a key for cookies of the tests'] },
      // Google puts the claims into the ID token itself.
      conformIdTokenClaims: claimsIn === 'userinfo',
      claims: {
        openid: ['sub', 'hd'],
        email: ['email', 'email_verified'],
        profile: ['name', 'given_name', 'family_name', 'picture'],
      },
      features: { devInteractions: { enabled: false } },
      interactions: { policy, url: () => '/interaction' },
      pkce: { required: () => true },
      ttl: { AccessToken: 600, Grant: 600, IdToken: 3600, Interaction: 600, Session: 600 },
      findAccount: (_context: unknown, accountId: string) => ({
        accountId,
        claims: () => people.get(accountId),
      }),
    })
    provider.use(async (context, next) => {
      if (context.path === '/interaction') {
        const { req, res } = context
        prompts.push((await provider.interactionDetails(req, res)).prompt.name)
        // Whoever is asked says yes to everything at once.
        const grant = new provider.Grant({ clientId, accountId: chosen })
        grant.addOIDCScope('openid email profile')
        const consent = { grantId: await grant.save() }
        const yes = { select_account: {}, login: { accountId: chosen }, consent }
        context.redirect(await provider.interactionResult(req, res, yes))
        return
      }
      await next()
      const { path, body } = context
      if (path === '/token' && isRecord(body)) idTokens.push(String(body['id_token']))
    })
    handle = provider.callback()
  }

  return {
    issuer,
    serve,
    /** The ID tokens it has issued. */
    idTokens,
    /** What it has asked people for, in turn. */
    prompts,
    /** A browser in which this person signs in at the provider. */
    browserOf(person: Person): Browser {
      people.set(person.sub, person)
      chosen = person.sub
      return new Browser(issuer)
    },
  }
}

/** Sends a browser from the service to the provider: the address of the callback, not yet opened. */
export async function callbackFrom(here: Browser, start: string, there: Browser): Promise<string> {
  const going = await here.get(start)
  const asked = going.headers.get('location')
  if (asked === null) throw new Error(`not sent to a provider: ${going.status} ${going.body}`)
  const answer = await there.open(asked)
  const back = answer.headers.get('location')
  if (back === null) throw new Error(`the provider did not answer: ${answer.body}`)
  return back
}
