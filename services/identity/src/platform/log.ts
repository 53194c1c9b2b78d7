/** Paths that pino replaces, wherever an object with them is logged. */
export const REDACTED = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'code',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'otp',
].flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])

interface LoggedError {
  readonly type: string
  readonly message: string
  readonly stack: string
  readonly [key: string]: unknown
}

/** Causes of causes that are still written down: an error may be its own cause. */
const MAX_DEPTH = 5

/** An error for the log: a failed query keeps its text and loses its parameters, which hold people's data. */
export function serializeError(error: unknown): LoggedError {
  return serialize(error, false, 0)
}

function serialize(error: unknown, inQuery: boolean, depth: number): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' }
  const isQuery = 'query' in error && 'params' in error
  const code: unknown = 'code' in error ? error.code : undefined
  const cause = depth < MAX_DEPTH ? error.cause : undefined
  return {
    type: error.name,
    message: isQuery
      ? `failed query: ${String(error.query).slice(0, 300)}`
      : // PostgreSQL repeats a value that it cannot read.
        inQuery
        ? error.message.replace(/: ".*/s, ': (a value)')
        : error.message,
    ...(typeof code === 'string' ? { code } : {}),
    // The first line of a stack repeats the message, parameters and all.
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .join('\n'),
    ...(cause === undefined ? {} : { cause: serialize(cause, inQuery || isQuery, depth + 1) }),
  }
}
