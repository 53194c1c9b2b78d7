import type { LogLevel } from '../config.ts'
import { createAuditStore } from '../domain/audit/store.ts'
import { createCodes } from '../domain/authorization/code.ts'
import { createTransactions } from '../domain/authorization/transaction.ts'
import { createClientDirectory, createClientStore } from '../domain/clients/store.ts'
import type { PasswordHasher } from '../domain/credentials/password-hasher.ts'
import { createCredentialStore } from '../domain/credentials/store.ts'
import type { FaultJournal } from '../domain/faults/journal.ts'
import { createFactorStore } from '../domain/factors/store.ts'
import { createRefreshTokens } from '../domain/grants/refresh-token.ts'
import { createGrantRevocation } from '../domain/grants/revocation.ts'
import { createGrantStore } from '../domain/grants/store.ts'
import type { KeySet } from '../domain/keys/key-set.ts'
import type { Outbox } from '../domain/mail/store.ts'
import { createNotMeLinks } from '../domain/recovery/not-me.ts'
import { withBuiltIn } from '../domain/resources/built-in.ts'
import { createResourceStore } from '../domain/resources/store.ts'
import { createSessionStore } from '../domain/sessions/store.ts'
import { createSpentStore } from '../domain/spent/store.ts'
import type { Settings } from '../domain/settings/settings.ts'
import { createThrottleStore } from '../domain/throttles/store.ts'
import { createTokenIssuer } from '../domain/tokens/issue.ts'
import { createTokenVerifier } from '../domain/tokens/verify.ts'
import { createProviderDirectory } from '../domain/upstream/directory.ts'
import type { Provider } from '../domain/upstream/provider.ts'
import { createUserStore } from '../domain/users/store.ts'
import { createAccountDoor } from '../http/account-door.ts'
import { createAuthorizationResponse } from '../http/authorization-response.tsx'
import { createBranding } from '../http/look/brand.ts'
import { createBrowsers } from '../http/session/browser.ts'
import { createClientAuthentication } from '../http/client-authentication.ts'
import { createConversations } from '../http/conversation.ts'
import { cookieJar } from '../http/session/cookies.ts'
import { createFaultReport } from '../http/errors/fault-report.ts'
import { firstProofs } from '../http/sign-in/first-proof.ts'
import { createDevices } from '../http/sign-in/known-device.ts'
import { createLanguageChoice } from '../http/language/language-choice.ts'
import { createPasskeyOffers } from '../http/sign-in/passkey-offer.ts'
import { createPasskeys } from '../http/sign-in/passkeys.ts'
import { createPresence } from '../http/session/presence.ts'
import { createSecondSteps } from '../http/sign-in/second-step.ts'
import { createSignInCodes } from '../http/sign-in/code-by-mail.ts'
import { createSignInGate } from '../http/sign-in/gate.ts'
import { createTrustedBrowsers } from '../http/sign-in/trusted-browser.ts'
import { createUpstream } from '../http/sign-in/upstream.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Database } from '../platform/db/database.ts'
import { createTimedCache } from '../platform/timed-cache.ts'

/** What the application is given from outside. */
export interface Given {
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
  /** Whom people may sign in with beside us. */
  readonly providers: readonly Provider[]
  /** Whether /dev/inbox exists. */
  readonly inbox: boolean
  /** The sender's address, as the inbox shows it. */
  readonly mailFrom: string
}

/** How long clients and resources are remembered; a notification shortens it. */
const DIRECTORY_TTL_MS = 5000

/** What slices share: every store and every tool, built once. */
export function createParts(given: Given, journal: FaultJournal) {
  const { issuer, database, ring, keys, clock, settings } = given
  const { db } = database
  const sessions = createSessionStore(db)
  const clients = createClientDirectory(createClientStore(db), DIRECTORY_TTL_MS)
  const resourceStore = createResourceStore(db)
  const resources = createTimedCache(async () => withBuiltIn(issuer, await resourceStore.all()), {
    ttlMs: DIRECTORY_TTL_MS,
    max: 1,
  })
  const transactions = createTransactions(ring)
  const jar = cookieJar(new URL(issuer))
  const browsers = createBrowsers(jar, ring)
  const ratePerMinute = () => settings().rate_limit_per_minute
  const faults = createFaultReport(issuer, journal, clock)
  const presence = createPresence(sessions, browsers, clock)
  const signingIn = {
    ...given,
    presence,
    browsers,
    audit: createAuditStore(db, clock),
    credentials: createCredentialStore(db),
    users: createUserStore(db),
    factors: createFactorStore(db),
    devices: createDevices(jar, ring),
    trusted: createTrustedBrowsers({ jar, database, settings, clock }),
    notMe: createNotMeLinks(ring),
    proofs: firstProofs(ring),
  }
  const signInCodes = createSignInCodes(signingIn)
  const offers = createPasskeyOffers({ ...signingIn, jar })
  const gate = createSignInGate({ ...signingIn, signInCodes, offers })
  const conversations = createConversations({ transactions, clients, resources, browsers, clock })
  const spent = createSpentStore(db)
  return {
    ...signingIn,
    gate,
    signInCodes,
    offers,
    passkeys: createPasskeys(signingIn),
    conversations,
    secondSteps: createSecondSteps({ ...signingIn, gate, conversations, spent }),
    /** Scheme, host and port of the issuer. */
    origin: new URL(issuer).origin,
    sessions,
    clients,
    resources,
    transactions,
    ratePerMinute,
    grants: createGrantStore(db),
    throttles: createThrottleStore(db),
    spent,
    codes: createCodes(ring),
    refreshTokens: createRefreshTokens(ring),
    revocation: createGrantRevocation(database, clock),
    upstream: createUpstream({
      ...signingIn,
      jar,
      directory: createProviderDirectory(given.providers, clock),
    }),
    verifier: createTokenVerifier(issuer, keys),
    tokenIssuer: createTokenIssuer(issuer, keys),
    door: createAccountDoor(signingIn),
    languages: createLanguageChoice(jar, clock),
    branding: createBranding(settings, new URL(issuer)),
    faults,
    respond: createAuthorizationResponse(issuer, faults),
    authenticate: createClientAuthentication(clients, ratePerMinute),
  }
}
export type Parts = ReturnType<typeof createParts>
