import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname } from 'node:path'
import { isLoopbackHost } from './domain/oauth/redirect-uri.ts'
import {
  GOOGLE_ISSUER,
  type Provider,
  googleProvider,
  issuerFault,
} from './domain/upstream/provider.ts'
import { parseSecretKeys } from './platform/crypto/key-ring.ts'

export interface Config {
  /** The `iss` of every token, without trailing slash. */
  readonly issuer: string
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  readonly secretKeys: ReadonlyMap<string, Buffer>
  readonly configFile: string | undefined
  readonly mail: MailConfig
  /** Unset: there is no Google button. */
  readonly google: Provider | undefined
  readonly trustProxy: readonly string[]
  readonly logLevel: LogLevel
  /** Settings that this version knows but does not act on yet, to be said at start. */
  readonly withoutEffect: readonly string[]
}

export interface MailConfig {
  /** Unset: mail goes to the inbox of development, or nowhere. */
  readonly smtpUrl: string | undefined
  /** Without a name where none was given: then letters come from the service by its own name. */
  readonly from: { readonly name: string | undefined; readonly address: string }
  /** Whether /dev/inbox shows what was captured. */
  readonly inbox: boolean
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type Environment = Readonly<Record<string, string | undefined>>

/** Variables of features that are still to come: accepted, checked nowhere, reported once. */
const NOT_YET = ['REDIS_URL', 'METRICS_PORT', 'OTEL_EXPORTER_OTLP_ENDPOINT']

/** Reads the environment whole, or says everything that is wrong with it at once. */
export function readConfig(env: Environment = process.env): Config | { readonly faults: string[] } {
  const faults: string[] = []
  const value = (name: string) => fromFileOrValue(env, name, faults)

  const issuer = readIssuer(value('ISSUER') ?? 'http://localhost:4000', faults)
  const loopback = issuer === undefined || isLoopbackHost(issuer.hostname)
  const port = readPort(value('PORT') ?? '4000', faults)
  const databaseUrl = readDatabaseUrl(value('DATABASE_URL'), loopback, faults)
  const level = value('LOG_LEVEL') ?? 'info'
  const logLevel = LOG_LEVELS.find((known) => known === level)
  if (logLevel === undefined) faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
  const trustProxy = readTrustProxy(value('TRUST_PROXY') ?? 'false', faults)
  const mail = readMail(value, issuer, loopback, faults)
  const google = readGoogle(value, faults)
  const workers = value('WORKERS') ?? '1'
  if (workers !== '1')
    faults.push('WORKERS must be 1: this version runs one process; start more of them instead')
  const host = value('HOST') ?? 'localhost'
  const configFile = value('CONFIG_FILE')
  const withoutEffect = NOT_YET.filter((name) => value(name) !== undefined)
  // Last, since it may write a file, and nothing is written while something is wrong.
  const secretKeys = readSecretKeys(value('SECRET_KEYS'), loopback, databaseUrl, faults)

  if (
    faults.length > 0 ||
    issuer === undefined ||
    logLevel === undefined ||
    secretKeys === undefined
  )
    return { faults }
  return Object.freeze({
    issuer: issuer.href.replace(/\/$/, ''),
    host,
    port,
    databaseUrl,
    secretKeys,
    configFile,
    mail,
    google,
    trustProxy,
    logLevel,
    withoutEffect,
  })
}

/** The port this environment listens on, for the health check of a container. */
export function listenPort(env: Environment = process.env): number {
  return readPort(fromFileOrValue(env, 'PORT', []) ?? '4000', [])
}

/** `NAME`, or the content of the file that `NAME_FILE` names. */
function fromFileOrValue(env: Environment, name: string, faults: string[]): string | undefined {
  const direct = env[name] === '' ? undefined : env[name]
  const path = env[`${name}_FILE`]
  if (path === undefined || path === '') return direct
  if (direct !== undefined) {
    faults.push(`${name} and ${name}_FILE are both set: keep one`)
    return direct
  }
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch {
    faults.push(`${name}_FILE: ${path} cannot be read`)
    return undefined
  }
}

function readIssuer(text: string, faults: string[]): URL | undefined {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    faults.push(`ISSUER must be a URL such as https://id.example.com, not ${text}`)
    return undefined
  }
  // OIDC Discovery 1.0 §3: no query or fragment; the trailing slash would make every comparison ambiguous.
  // On the text: of an empty query or fragment a parsed URL knows nothing, and keeps its sign.
  if (text.endsWith('/') || /[?#@]/.test(text))
    faults.push('ISSUER must have no trailing slash, query, fragment or user name')
  if (url.pathname !== '/') faults.push('ISSUER must have no path: give Signet a host of its own')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname)))
    faults.push(
      'ISSUER must be https: tokens and passwords travel to it; http is for loopback only',
    )
  return url
}

function readPort(text: string, faults: string[]): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  faults.push(`PORT must be a number from 0 to 65535, not ${text}`)
  return 0
}

function readDatabaseUrl(url: string | undefined, loopback: boolean, faults: string[]): string {
  if (url === undefined) {
    if (!loopback)
      faults.push('DATABASE_URL is missing: set postgres://user:password@host/database')
    return 'pglite:.data/identity'
  }
  if (!/^postgres(ql)?:\/\/./.test(url) && !/^pglite:./.test(url))
    faults.push('DATABASE_URL must start with postgres:// or pglite:')
  return url
}

function readSecretKeys(
  text: string | undefined,
  loopback: boolean,
  databaseUrl: string,
  faults: string[],
): Map<string, Buffer> | undefined {
  if (text === undefined && !loopback) {
    faults.push(
      'SECRET_KEYS is missing: set <id>:<32 random bytes in base64>, for example "k1:$(openssl rand -base64 32)", and keep it safe',
    )
    return undefined
  }
  if (text === undefined && faults.length > 0) return new Map()
  const given = text ?? developmentKeys(databaseUrl, faults)
  if (given === undefined) return undefined
  const keys = parseSecretKeys(given)
  if (typeof keys !== 'string') return keys
  faults.push(`SECRET_KEYS: ${keys}`)
  return undefined
}

/** On loopback only: made once and kept beside the embedded database, readable by its owner. */
function developmentKeys(databaseUrl: string, faults: string[]): string | undefined {
  const fresh = `local:${randomBytes(32).toString('base64')}`
  if (databaseUrl === 'pglite:memory') return fresh
  const folder = databaseUrl.startsWith('pglite:')
    ? databaseUrl.slice('pglite:'.length)
    : '.data/postgres'
  const path = `${folder.replace(/\/+$/, '')}.secret-keys`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, fresh, { flag: 'wx', mode: 0o600 })
    return fresh
  } catch (fault) {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      faults.push(`SECRET_KEYS: ${path} can be neither made nor read (${String(fault)})`)
      return undefined
    }
  }
}

function readMail(
  value: (name: string) => string | undefined,
  issuer: URL | undefined,
  loopback: boolean,
  faults: string[],
): MailConfig {
  const smtpUrl = value('SMTP_URL')
  if (smtpUrl !== undefined && !/^smtps?:\/\/[^\s]+$/.test(smtpUrl))
    faults.push('SMTP_URL must be smtp://user:password@host:port or smtps://…')
  const wanted = value('INBOX')
  if (!loopback && isOn(wanted))
    faults.push(
      'INBOX shows every mail to everybody: it is for a loopback ISSUER only. Unset it and set SMTP_URL',
    )
  const given = value('MAIL_FROM')
  const from = given ?? `no-reply@${issuer?.hostname ?? 'localhost'}`
  const match = /^(?:([^<>"\r\n]*?)\s*<([^<>\s@]+@[^<>\s@]+)>|([^<>\s@]+@[^<>\s@]+))$/.exec(from)
  if (match === null) faults.push('MAIL_FROM must be an address, or a name and <address>')
  return {
    smtpUrl,
    from: {
      name: given === undefined ? undefined : (match?.[1] ?? ''),
      address: match?.[2] ?? match?.[3] ?? '',
    },
    inbox: loopback && (wanted === undefined ? smtpUrl === undefined : isOn(wanted)),
  }
}

function readGoogle(
  value: (name: string) => string | undefined,
  faults: string[],
): Provider | undefined {
  const [clientId, clientSecret] = [value('GOOGLE_CLIENT_ID'), value('GOOGLE_CLIENT_SECRET')]
  const issuer = (value('GOOGLE_ISSUER') ?? GOOGLE_ISSUER).replace(/\/$/, '')
  const link = value('GOOGLE_LINK') ?? 'proof'
  const fault = issuerFault(issuer)
  if (fault !== undefined) faults.push(`GOOGLE_ISSUER ${fault}`)
  if (link !== 'proof' && link !== 'auto') faults.push('GOOGLE_LINK must be proof or auto')
  const counts = value('GOOGLE_COUNTS_AS_SECOND_FACTOR') ?? 'false'
  if (counts !== 'true' && counts !== 'false')
    faults.push('GOOGLE_COUNTS_AS_SECOND_FACTOR must be true or false')
  if (clientId === undefined && clientSecret === undefined) return undefined
  if (clientId === undefined || clientSecret === undefined) {
    faults.push('GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET belong together: set both')
    return undefined
  }
  const hostedDomain = value('GOOGLE_HOSTED_DOMAIN')
  const checked = link === 'auto' ? link : 'proof'
  return googleProvider({
    clientId,
    clientSecret,
    issuer,
    hostedDomain,
    link: checked,
    countsAsSecondFactor: counts === 'true',
  })
}

function readTrustProxy(text: string, faults: string[]): string[] {
  if (text === 'false') return []
  const entries = text.split(',').map((entry) => entry.trim())
  const shaped = entries.every((entry) => {
    const [address = '', bits = '0', ...rest] = entry.split('/')
    const family = isIP(address)
    const inRange = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
    return family !== 0 && inRange && rest.length === 0
  })
  if (!shaped)
    faults.push(
      'TRUST_PROXY must be false or a comma list of addresses or CIDRs, such as 10.0.0.0/8',
    )
  return shaped ? entries : []
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && !['', '0', 'false', 'off', 'no'].includes(text.toLowerCase())
}
