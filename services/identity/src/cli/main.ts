import { fail } from './failure.ts'
import { adminLink } from './admin-link.ts'
import { applyCommand, planCommand } from './configuration.ts'
import { type Command, UsageError } from './command.ts'
import { healthcheck } from './healthcheck.ts'
import { keys } from './keys.ts'
import { migrate } from './migrate.ts'
import { serve } from './serve.ts'
import { user } from './user.ts'
import { why } from './why.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { usage: 'serve', about: 'run the identity service', run: serve },
  migrate,
  apply: applyCommand,
  plan: planCommand,
  user,
  keys,
  'admin-link': adminLink,
  why,
  healthcheck,
}

/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64

function usage(): string {
  const lines = Object.values(COMMANDS).map(
    ({ usage: words, about }) => `  ${words.padEnd(50)} ${about}`,
  )
  return ['usage: signet <command> [--json]', ...lines].join('\n')
}

async function main(words: readonly string[]): Promise<void> {
  const json = words.includes('--json')
  const [name = 'help', ...rest] = words.filter((word) => word !== '--json')
  if (['help', '--help', '-h'].includes(name)) return console.log(usage())
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new UsageError(`there is no command ${name}\n${usage()}`)
  return command.run({ words: rest, json })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  fail(error)
  if (error instanceof UsageError) process.exitCode = EXIT_USAGE
}
