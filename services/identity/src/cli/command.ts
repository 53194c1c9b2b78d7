import { type Config, readConfig } from '../config.ts'
import { ConfigurationError, type Foundation, layFoundation } from '../service.ts'

export interface Invocation {
  readonly words: readonly string[]
  /** Print one JSON value instead of lines for people. */
  readonly json: boolean
}

export interface Command {
  readonly usage: string
  readonly about: string
  readonly run: (invocation: Invocation) => Promise<void>
}

/** The command was called with words it does not take. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What the environment says. Throws ConfigurationError with every fault of it. */
export function environment(): Config {
  const config = readConfig()
  if ('faults' in config) throw new ConfigurationError(config.faults)
  return config
}

/** The database of the environment, migrated, for one piece of work. Throws ConfigurationError. */
export async function withFoundation<T>(work: (foundation: Foundation) => Promise<T>): Promise<T> {
  const foundation = await layFoundation(environment())
  try {
    return await work(foundation)
  } finally {
    await foundation.database.close()
  }
}

export function print(invocation: Invocation, value: unknown, lines: readonly string[]): void {
  if (invocation.json) console.log(JSON.stringify(value, null, 2))
  else for (const line of lines) console.log(line)
}
