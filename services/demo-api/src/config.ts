import { readFileSync } from 'node:fs'
import { z } from 'zod'

export interface Config {
  readonly host: string
  readonly port: number
  readonly issuer: string
  readonly audience: string
  /** Public origin of the front end. */
  readonly baseUrl: string
  readonly rateLimitPerMinute: number
  readonly logLevel: string
  /** Absent: the front end says that sign-in is not configured; the API works all the same. */
  readonly signIn: SignInConfig | undefined
}

export interface SignInConfig {
  readonly clientId: string
  readonly clientSecret: string
  /** Empty on loopback without SESSION_KEY: then a key of this process's own serves. */
  readonly sessionKeys: readonly string[]
  readonly mode: 'bff' | 'tmb'
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] }

type Environment = Readonly<Record<string, string | undefined>>

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const isLoopback = (url: string) => URL.canParse(url) && LOOPBACK.has(new URL(url).hostname)
const isHttpUrl = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
const isSafe = (url: string) => isHttpUrl(url) && (url.startsWith('https:') || isLoopback(url))

const safeUrl = z.string().refine(isSafe, 'must be an https URL (http only for loopback hosts)')
const whole = (from: number, to: number) =>
  z.coerce.number(`must be a whole number from ${from} to ${to}`).int().min(from).max(to)

const Variables = z.object({
  PORT: whole(0, 65_535).default(4001),
  HOST: z.string().default('localhost'),
  ISSUER: safeUrl
    .refine((url) => !url.endsWith('/'), 'must not end with a slash')
    .default('http://localhost:4000'),
  AUDIENCE: z.string().default('http://localhost:4001'),
  BASE_URL: safeUrl.optional(),
  CLIENT_ID: z.string().optional(),
  CLIENT_SECRET: z.string().optional(),
  SESSION_KEY: z
    .string()
    .transform((list) => list.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => key.length >= 32), 'needs at least 32 characters per key')
    .optional(),
  BFF_MODE: z.enum(['bff', 'tmb'], 'must be bff or tmb').default('bff'),
  RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000).default(300),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a pino level')
    .default('info'),
})

type Values = z.infer<typeof Variables>

/** Reads the environment, with `NAME_FILE` for every NAME, and reports all faults at once. */
export function readConfig(
  environment: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): ConfigResult {
  const faults: string[] = []
  const given: Record<string, string> = {}
  for (const name of Object.keys(Variables.shape)) {
    const path = environment[`${name}_FILE`]
    let value = environment[name]
    if (path !== undefined && path !== '') {
      if (value) faults.push(`${name}: give either ${name} or ${name}_FILE, not both`)
      try {
        value = readFile(path).trim()
      } catch (error) {
        faults.push(`${name}_FILE: ${error instanceof Error ? error.message : 'cannot be read'}`)
      }
    }
    // An empty variable is how compose files say "not set".
    if (value !== undefined && value !== '') given[name] = value
  }

  const parsed = Variables.safeParse(given)
  if (!parsed.success) {
    faults.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
    return { ok: false, faults }
  }
  const values = parsed.data
  const baseUrl = new URL(values.BASE_URL ?? defaultBaseUrl(values)).origin
  faults.push(...signInFaults(values, baseUrl))
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, config: toConfig(values, baseUrl) }
}

// A public audience is where the front end is, too; on loopback the port is the one that is listened on.
function defaultBaseUrl({ AUDIENCE: audience, PORT: port }: Values): string {
  if (!isHttpUrl(audience)) return `http://localhost:${port}`
  return isLoopback(audience) ? `http://${new URL(audience).hostname}:${port}` : audience
}

function signInFaults(values: Values, baseUrl: string): string[] {
  const { CLIENT_ID: id, CLIENT_SECRET: secret, SESSION_KEY: keys } = values
  if (id === undefined && secret === undefined) return []
  const faults: string[] = []
  if (id === undefined) faults.push('CLIENT_ID: is missing, while CLIENT_SECRET is given')
  if (secret === undefined) faults.push('CLIENT_SECRET: is missing, while CLIENT_ID is given')
  if (!isSafe(baseUrl)) faults.push('BASE_URL: sign-in needs https (http only for loopback hosts)')
  if (keys === undefined && !isLoopback(baseUrl)) {
    faults.push('SESSION_KEY: is missing; give at least 32 random characters')
  }
  return faults
}

function toConfig(values: Values, baseUrl: string): Config {
  const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, SESSION_KEY, BFF_MODE: mode } = values
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    issuer: values.ISSUER,
    audience: values.AUDIENCE,
    baseUrl,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    logLevel: values.LOG_LEVEL,
    signIn:
      clientId === undefined || clientSecret === undefined
        ? undefined
        : { clientId, clientSecret, sessionKeys: SESSION_KEY ?? [], mode },
  })
}
