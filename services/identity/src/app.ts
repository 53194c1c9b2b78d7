import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import type { LogLevel } from './config.ts'
import { createAuditStore } from './domain/audit/store.ts'
import { createCodes } from './domain/authorization/code.ts'
import { createTransactions } from './domain/authorization/transaction.ts'
import { createClientDirectory, createClientStore } from './domain/clients/store.ts'
import type { PasswordHasher } from './domain/credentials/password-hasher.ts'
import { createCredentialStore } from './domain/credentials/store.ts'
import { createRefreshTokens } from './domain/grants/refresh-token.ts'
import { createGrantRevocation } from './domain/grants/revocation.ts'
import { createGrantStore } from './domain/grants/store.ts'
import type { Outbox } from './domain/mail/store.ts'
import type { KeySet } from './domain/keys/key-set.ts'
import { createRecoveryLinks } from './domain/recovery/link.ts'
import { createRegistrationSecrets } from './domain/registrations/secrets.ts'
import { createResourceStore } from './domain/resources/store.ts'
import { createSessionStore } from './domain/sessions/store.ts'
import type { Settings } from './domain/settings/settings.ts'
import { createSetupStore } from './domain/setup/store.ts'
import { createThrottleStore } from './domain/throttles/store.ts'
import { createTokenIssuer } from './domain/tokens/issue.ts'
import { createTokenVerifier } from './domain/tokens/verify.ts'
import { assets } from './http/assets.ts'
import { createAuthorizationResponse } from './http/authorization-response.tsx'
import { backChannel } from './http/back-channel.ts'
import { createBrowsers } from './http/browser.ts'
import { createClientAuthentication } from './http/client-authentication.ts'
import { createConversations } from './http/conversation.ts'
import { cookieJar } from './http/cookies.ts'
import { createDevices } from './http/known-device.ts'
import { frontChannel } from './http/front-channel.ts'
import { health } from './http/health.ts'
import { notFound } from './http/not-found.ts'
import { PageError } from './http/page-error.ts'
import { peerNetwork } from './http/peer-address.ts'
import { createPresence } from './http/presence.ts'
import { requestLog } from './http/request-log.ts'
import { securityHeaders } from './http/security-headers.ts'
import { devInbox } from './interaction/dev-inbox/routes.ts'
import { consent } from './interaction/consent/routes.ts'
import { forgotPassword } from './interaction/forgot-password/routes.ts'
import { home } from './interaction/home/routes.ts'
import { login } from './interaction/login/routes.ts'
import { register } from './interaction/register/routes.ts'
import { resetPasswordPage } from './interaction/reset-password/routes.ts'
import { selectAccount } from './interaction/select-account/routes.ts'
import { setup } from './interaction/setup/routes.ts'
import { verifyEmail } from './interaction/verify-email/routes.ts'
import { createAfterwards } from './platform/afterwards.ts'
import type { Clock } from './platform/clock.ts'
import { randomToken } from './platform/crypto/random.ts'
import type { KeyRing } from './platform/crypto/key-ring.ts'
import type { Database } from './platform/db/database.ts'
import { REDACTED, serializeError } from './platform/log.ts'
import { createTimedCache } from './platform/timed-cache.ts'
import { authorize } from './protocol/authorize/routes.ts'
import { discovery } from './protocol/discovery/routes.ts'
import { endSession } from './protocol/end-session/routes.ts'
import { introspect } from './protocol/introspect/routes.ts'
import { revoke } from './protocol/revoke/routes.ts'
import { authorizationCode } from './protocol/token/grants/authorization-code.ts'
import { clientCredentials } from './protocol/token/grants/client-credentials.ts'
import { createGrantTokens } from './protocol/token/grants/grant-tokens.ts'
import { refreshToken } from './protocol/token/grants/refresh-token.ts'
import { token } from './protocol/token/routes.ts'
import { userinfo } from './protocol/userinfo/routes.ts'

export interface AppParts {
  readonly issuer: string
  readonly trustProxy: readonly string[]
  readonly logLevel: LogLevel
  readonly database: Database
  readonly ring: KeyRing
  readonly keys: KeySet
  readonly hasher: PasswordHasher
  readonly clock: Clock
  /** The settings in force. */
  readonly settings: () => Settings
  readonly ready: () => Promise<boolean>
  readonly outbox: Outbox
  /** Whether /dev/inbox exists. */
  readonly inbox: boolean
  /** The sender's address, as the inbox shows it. */
  readonly mailFrom: string
}

export interface App {
  readonly server: FastifyInstance
  /** Forgets what is remembered of clients and resources: another process has changed them. */
  forgetConfiguration(): void
}

/** How long clients and resources are remembered; a notification shortens it. */
const DIRECTORY_TTL_MS = 5000
const MAX_BODY_BYTES = 65_536
/** Requests for a link that were answered and wait to be looked at; more are told to come back. */
const MAX_WAITING_LETTERS = 1000
/** An authorization request travels sealed in the URL, which is longer than the request itself. */
const MAX_HEADER_BYTES = 32_768

/** The composition root: builds the stores, wires every slice, and is the only file that knows them all. */
export async function buildApp(parts: AppParts): Promise<App> {
  const { issuer, database, ring, keys, hasher, clock, settings } = parts
  const { db } = database
  const origin = new URL(issuer)
  const logger = {
    level: parts.logLevel,
    redact: REDACTED,
    serializers: { err: serializeError },
  }
  const server = fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: parts.trustProxy.length > 0 ? [...parts.trustProxy] : false,
    genReqId: () => randomToken(9),
    // RFC 9112 §3.2.2: a request may name us by an absolute address, which nothing here must repeat.
    rewriteUrl: ({ url = '/' }) => url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/',
    bodyLimit: MAX_BODY_BYTES,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    requestTimeout: 60_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
  })

  const sessions = createSessionStore(db)
  const grants = createGrantStore(db)
  const audit = createAuditStore(db, clock)
  const credentials = createCredentialStore(db)
  const throttles = createThrottleStore(db)
  const clients = createClientDirectory(createClientStore(db), DIRECTORY_TTL_MS)
  const resourceStore = createResourceStore(db)
  const resources = createTimedCache(async () => resourceStore.all(), {
    ttlMs: DIRECTORY_TTL_MS,
    max: 1,
  })
  const allResources = async () => resources.get('all')

  const transactions = createTransactions(ring)
  const codes = createCodes(ring)
  const refreshTokens = createRefreshTokens(ring)
  const revocation = createGrantRevocation(database, clock)
  const verifier = createTokenVerifier(issuer, keys)
  const tokenIssuer = createTokenIssuer(issuer, keys)
  const tokens = createGrantTokens({
    issuer: tokenIssuer,
    refreshTokens,
    resources: allResources,
    settings,
  })

  const jar = cookieJar(origin)
  const browsers = createBrowsers(jar, ring)
  const presence = createPresence(sessions, browsers, clock)
  const conversations = createConversations({ transactions, clients, resources, browsers, clock })
  const respond = createAuthorizationResponse(issuer)
  const ratePerMinute = () => settings().rate_limit_per_minute
  const authenticate = createClientAuthentication(clients, ratePerMinute)

  server.setErrorHandler((error, request, reply) => notFound.fault(error, request, reply, clock))
  server.setNotFoundHandler(async (request, reply) => notFound.route(request, reply, clock))
  await server.register(securityHeaders(origin))
  await server.register(requestLog)
  await server.register(cookie)
  await server.register(formbody, { bodyLimit: MAX_BODY_BYTES })
  await server.register(rateLimit, {
    global: false,
    cache: 20_000,
    keyGenerator: peerNetwork,
    errorResponseBuilder: (_request, { statusCode }) =>
      new PageError('too_many_requests', { status: statusCode, hint: 'per-address limit' }),
  })
  await server.register(health({ ready: parts.ready }))
  await server.register(assets)
  await server.register(discovery({ issuer, resources, keys, clock }))

  await server.register(
    backChannel([
      token({
        authenticate,
        clock,
        grants: {
          authorization_code: authorizationCode({
            codes,
            grants,
            revocation,
            tokens,
            settings,
            issuer,
          }),
          refresh_token: refreshToken({
            refreshTokens,
            grants,
            revocation,
            audit,
            tokens,
            settings,
            issuer,
          }),
          client_credentials: clientCredentials({
            tokens: tokenIssuer,
            resources: allResources,
            settings,
            issuer,
          }),
        },
      }),
      userinfo({ verifier, grants, clients, clock }),
      introspect({ authenticate, verifier, refreshTokens, grants, issuer, clock }),
      revoke({ authenticate, verifier, refreshTokens, grants, revocation, clock }),
    ]),
  )

  const signInDeps = { database, settings, clock }
  const devices = createDevices(jar, ring)
  const registering = {
    ...signInDeps,
    issuer,
    ring,
    secrets: createRegistrationSecrets(ring),
    conversations,
    browsers,
    ratePerMinute,
  }
  const recovering = {
    database,
    ring,
    links: createRecoveryLinks(ring),
    clock,
    issuer,
    browsers,
    ratePerMinute,
  }
  await server.register(
    frontChannel({
      browsers,
      clock,
      origin: origin.origin,
      slices: [
        authorize({
          conversations,
          transactions,
          codes,
          sessions,
          verifier,
          presence,
          browsers,
          respond,
          origin: origin.origin,
          settings,
          clock,
        }),
        login({
          ...signInDeps,
          credentials,
          throttles,
          hasher,
          conversations,
          presence,
          audit,
          browsers,
          respond,
          ratePerMinute,
          devices,
        }),
        register({ ...registering, hasher }),
        verifyEmail({ ...registering, hasher, throttles, presence, devices }),
        forgotPassword({
          ...recovering,
          conversations,
          afterwards: createAfterwards(MAX_WAITING_LETTERS),
        }),
        resetPasswordPage({ ...recovering, hasher, devices }),
        selectAccount({ conversations, transactions, presence, browsers }),
        consent({ conversations, presence, database, browsers, respond, clock }),
        endSession({
          verifier,
          clients,
          presence,
          database,
          browsers,
          origin: origin.origin,
          clock,
        }),
        ...(parts.inbox ? [devInbox({ outbox: parts.outbox, from: parts.mailFrom })] : []),
        home({ presence, database, browsers, clock }),
        setup({ setup: createSetupStore(db), hasher, database, browsers, clock, ratePerMinute }),
      ],
    }),
  )

  return {
    server,
    forgetConfiguration() {
      clients.clear()
      resources.clear()
    },
  }
}
