import { ConfigurationError } from '../service.ts'
import { serializeError } from '../platform/log.ts'
import { refuse } from './serve.ts'

/** Ends a command that failed: a configuration at fault by its lines and 78, anything else in one line and 1. */
export function fail(error: unknown): void {
  if (error instanceof ConfigurationError) return refuse(error.faults)
  const lines: string[] = []
  // As for the log: a failed query loses its parameters, which hold people's data.
  for (let at: unknown = serializeError(error); isLogged(at); at = at.cause) lines.push(at.message)
  console.error(lines.join(': '))
  process.exitCode = 1
}

function isLogged(value: unknown): value is { message: string; cause?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value
}
