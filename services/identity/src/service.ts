import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { type App, buildApp } from './app.ts'
import { cleanUp } from './app/clean-up.ts'
import type { Config } from './config.ts'
import { UnknownRoleError, type Wanted, apply } from './domain/configuration/apply.ts'
import { describeFault, parseConfigurationFile } from './domain/configuration/file.ts'
import type { Change } from './domain/configuration/plan.ts'
import { type PasswordHasher, createPasswordHasher } from './domain/credentials/password-hasher.ts'
import { loadPepper } from './domain/credentials/pepper.ts'
import { createCredentialStore } from './domain/credentials/store.ts'
import { type KeySet, createKeySet } from './domain/keys/key-set.ts'
import { ensureKeys } from './domain/keys/rotation.ts'
import { createKeyStore } from './domain/keys/store.ts'
import { createOutbox } from './domain/mail/store.ts'
import { DEFAULT_SETTINGS, type Settings } from './domain/settings/settings.ts'
import { createSettingsStore } from './domain/settings/store.ts'
import { createSetupStore } from './domain/setup/store.ts'
import { providerOf } from './domain/upstream/provider-entry.ts'
import type { Provider } from './domain/upstream/provider.ts'
import { OWN_NAME } from './http/words/named.ts'
import { openPost } from './post.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import { type KeyRing, SealBrokenError, createKeyRing } from './platform/crypto/key-ring.ts'
import { type Database, openDatabase } from './platform/db/database.ts'

/** The configuration is at fault: the process ends with exit code 78 and these lines. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

export interface Service {
  readonly app: App
  readonly log: FastifyBaseLogger
  /** The one-time link of the very first start. */
  readonly setupLink: string | undefined
  listen(): Promise<void>
  /** What runs by itself every minute: key rotation, clean-up. Tests call it after moving the clock. */
  maintain(): Promise<void>
  /** Turns readiness off, finishes what is in flight, lets go of the database. */
  close(): Promise<void>
}

/** One channel for all news between nodes; the payload says what changed. */
const CHANNEL = 'signet'
const MAIL_MS = 2000
const MAINTENANCE_MS = 60_000
const REFRESH_MS = 10_000
const HASH_LANES = 1
const HASH_QUEUE = 256

export const announce = (database: Database, what: 'keys' | 'configuration') => () =>
  database.notify(CHANNEL, what)

/** What every command needs: the database, migrated, and proof that what is sealed in it opens. */
export interface Foundation {
  readonly database: Database
  readonly ring: KeyRing
  readonly hasher: PasswordHasher
  readonly clock: Clock
}

export async function layFoundation(
  config: Pick<Config, 'databaseUrl' | 'secretKeys'>,
  clock: Clock = systemClock,
  onError: (error: Error) => void = () => undefined,
): Promise<Foundation> {
  const database = await openDatabase(config.databaseUrl, { onError })
  try {
    await database.migrate()
    const ring = createKeyRing(config.secretKeys)
    const pepper = await loadPepper(createCredentialStore(database.db), ring, clock())
    const hasher = await createPasswordHasher({ pepper, lanes: HASH_LANES, maxWaiting: HASH_QUEUE })
    return { database, ring, hasher, clock }
  } catch (error) {
    await database.close()
    throw asConfigurationError(error)
  }
}

/** A key ring that does not fit the database is the operator's to mend, not a fault of the program. */
function asConfigurationError(error: unknown): unknown {
  return error instanceof SealBrokenError ? new ConfigurationError([error.message]) : error
}

/** Reads the configuration file of an issuer. Throws ConfigurationError with every fault of it. */
export async function readConfigurationFile(path: string, issuer: string): Promise<Wanted> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ConfigurationError([`CONFIG_FILE: ${path} cannot be read`])
  })
  const parsed = parseConfigurationFile(text, issuer)
  if (parsed.kind === 'faulty')
    throw new ConfigurationError(parsed.faults.map((fault) => `${path}: ${describeFault(fault)}`))
  return parsed
}

/** Applies what a configuration file says, and tells every node. Throws ConfigurationError with every fault of it. */
export async function applyFile(
  foundation: Foundation,
  path: string,
  wanted: Wanted,
): Promise<Change[]> {
  const changes = await apply(foundation, wanted).catch((error: unknown) => {
    throw error instanceof UnknownRoleError
      ? new ConfigurationError([`${path}: ${error.message}`])
      : error
  })
  if (changes.length > 0) await announce(foundation.database, 'configuration')()
  return changes
}

/** Starts everything but the listening socket. Throws ConfigurationError; whatever it opened is closed again. */
export async function startService(config: Config, clock: Clock = systemClock): Promise<Service> {
  let service: Service | undefined
  const foundation = await layFoundation(config, clock, (error) => {
    service?.log.error({ err: error }, 'database connection')
  })
  try {
    service = await assemble(config, foundation)
    return service
  } catch (error) {
    await foundation.database.close()
    throw asConfigurationError(error)
  }
}

async function assemble(config: Config, foundation: Foundation): Promise<Service> {
  const { database, ring, hasher, clock } = foundation
  const { db } = database
  const { configFile, google, issuer } = config
  const providers: Provider[] = google === undefined ? [] : [google]
  if (configFile !== undefined) {
    const wanted = await readConfigurationFile(configFile, issuer)
    await applyFile(foundation, configFile, wanted)
    // Read at each start, and kept nowhere else: the file alone holds their secrets.
    providers.push(...wanted.file.providers.map(providerOf))
  }

  const settingsStore = createSettingsStore(db)
  let settings: Settings = DEFAULT_SETTINGS
  const keys = createKeySet(createKeyStore(db), ring)
  let closing = false

  const outbox = createOutbox(db, ring, clock)
  const post = openPost(
    config,
    outbox,
    clock,
    () => settings.brand.name ?? OWN_NAME,
    (error, letterId) =>
      app.server.log.warn({ err: error, letterId }, 'a letter was not taken; it is tried again'),
  )
  const app = await buildApp({
    outbox,
    providers,
    inbox: config.mail.inbox,
    mailFrom: config.mail.from.address,
    issuer: config.issuer,
    trustProxy: config.trustProxy,
    logLevel: config.logLevel,
    database,
    ring,
    keys,
    hasher,
    clock,
    settings: () => settings,
    ready: async () => {
      if (closing) return false
      await database.ping()
      return (await database.pendingMigrations()) === 0
    },
  })
  const { log } = app.server

  async function refresh() {
    settings = await settingsStore.load()
    app.forgetConfiguration()
    await keys.refresh()
  }
  async function maintain() {
    await ensureKeys(
      { database, ring, clock, announce: announce(database, 'keys') },
      Math.max(settings.access_token_ttl_seconds, settings.id_token_ttl_seconds),
    )
    await cleanUp({ database, ring, clock, issuer: config.issuer }, settings)
    await refresh()
  }
  const quietly = (work: () => Promise<void>) => {
    work().catch((error: unknown) => {
      if (!closing) log.error({ err: error }, 'background work failed')
    })
  }

  settings = await settingsStore.load()
  await ensureFirstKey(maintain, keys, clock)
  const stopListening = await database.listen(CHANNEL, () => quietly(refresh))
  // Polling beside notifications: a lost one may cost seconds, never a signing key.
  const timers = [
    setInterval(() => quietly(refresh), REFRESH_MS),
    setInterval(() => quietly(maintain), MAINTENANCE_MS),
    setInterval(() => quietly(async () => post.deliver()), MAIL_MS),
  ]
  const setupLink = await firstSetupLink(config.issuer, database, clock)

  return {
    app,
    log,
    setupLink,
    async listen() {
      await app.server.listen({ host: config.host, port: config.port })
    },
    maintain,
    async close() {
      closing = true
      for (const timer of timers) clearInterval(timer)
      await app.server.close()
      await post.close()
      await stopListening().catch(() => undefined)
      await database.close()
    },
  }
}

/** Many nodes may start at once on an empty database: one makes the first key, the others wait for it. */
async function ensureFirstKey(maintain: () => Promise<void>, keys: KeySet, clock: Clock) {
  for (let tries = 0; ; tries += 1) {
    await maintain()
    try {
      keys.signer(clock())
      return
    } catch (error) {
      if (tries === 100) throw error
      await wait(100)
    }
  }
}

async function firstSetupLink(issuer: string, database: Database, clock: Clock) {
  const setup = createSetupStore(database.db)
  let link: string | undefined
  await database.withLock('setup-link', async () => {
    if (await setup.wasEverCreated()) return
    link = `${issuer}/setup?token=${await setup.create(clock())}`
  })
  return link
}
