import { plan } from '../domain/configuration/apply.ts'
import type { ConfigurationFile } from '../domain/configuration/file.ts'
import type { Change } from '../domain/configuration/plan.ts'
import { applyFile, readConfigurationFile } from '../service.ts'
import {
  type Command,
  type Invocation,
  UsageError,
  environment,
  print,
  withFoundation,
} from './command.ts'

export const planCommand: Command = {
  usage: 'plan <file>',
  about: 'show what applying a configuration file would change',
  async run(invocation) {
    const path = onePath(invocation)
    // Read first: a faulty file touches no database.
    const wanted = await readConfigurationFile(path, environment().issuer)
    await withFoundation(async (foundation) => {
      const changes = await plan(foundation, wanted)
      report(invocation, changes, wanted.file, 'Nothing to change.')
    })
  },
}

export const applyCommand: Command = {
  usage: 'apply <file>',
  about: 'apply a configuration file, in one transaction',
  async run(invocation) {
    const path = onePath(invocation)
    const wanted = await readConfigurationFile(path, environment().issuer)
    await withFoundation(async (foundation) => {
      const changes = await applyFile(foundation, path, wanted)
      report(invocation, changes, wanted.file, 'Nothing had to change.')
    })
  },
}

function onePath({ words }: Invocation): string {
  const [path, ...rest] = words
  if (path === undefined || rest.length > 0) throw new UsageError('name one configuration file')
  return path
}

function report(
  invocation: Invocation,
  changes: readonly Change[],
  { providers }: Pick<ConfigurationFile, 'providers'>,
  nothing: string,
): void {
  const summary = changes.map(({ noun, action, id, members }) => ({ noun, action, id, members }))
  const lines = changes.flatMap(({ noun, action, id, members }) => [
    `${action === 'create' ? '+' : '~'} ${noun} ${id}`,
    ...members.map(({ member, from, to }) => `    ${member}: ${shown(from)} -> ${shown(to)}`),
  ])
  const ids = providers.map(({ id }) => id)
  const atStart = { read_at_start: { providers: ids } }
  // Their secrets are kept in the file alone, so that no plan can say what differs.
  const note = `! ${ids.length === 1 ? 'provider' : 'providers'} ${ids.join(', ')}: read from CONFIG_FILE at start. Restart to use what has changed.`
  print(invocation, { changes: summary, ...(ids.length > 0 && atStart) }, [
    ...(lines.length === 0 ? [nothing] : lines),
    ...(ids.length > 0 ? [note] : []),
  ])
}

function shown(value: unknown): string {
  return value === undefined ? '(unset)' : JSON.stringify(value)
}
