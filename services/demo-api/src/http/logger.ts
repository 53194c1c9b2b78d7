import type { FastifyRequest, FastifyServerOptions } from 'fastify'

/** pino JSON lines on stdout. Queries are never logged: on the callback they hold a code. */
export function loggerOptions(level: string): NonNullable<FastifyServerOptions['logger']> {
  const secrets = ['authorization', 'cookie', 'set-cookie', 'x-csrf']
  const names = ['token', 'access_token', 'refresh_token', 'id_token', 'client_secret', 'password']
  return {
    level,
    base: { service: 'demo-api' },
    redact: {
      paths: [
        ...secrets.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
        ...names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        // Not everywhere: errors and refusals have a code that the log is for.
        ...['query.code', 'body.code', '*.query.code', '*.body.code'],
      ],
      censor: '[redacted]',
    },
    serializers: {
      req: (request: FastifyRequest) => ({
        method: request.method,
        path: request.url.split('?', 1)[0],
        remoteAddress: request.ip,
      }),
      err: describeError,
    },
  }
}

interface LoggedError {
  readonly type: string
  readonly message: string
  readonly stack: string
  readonly [more: string]: unknown
}

// Causes hold whole answers of the issuer, tokens included; only names, codes and texts are for the log.
function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }
  const { code, error: oauthError } = error as { code?: unknown; error?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof oauthError === 'string' ? { error: oauthError } : {}),
    stack: error.stack ?? '',
    ...(error.cause === undefined || depth > 3
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  }
}
