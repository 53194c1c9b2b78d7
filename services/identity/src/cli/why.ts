import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { ShownFault, linesOfFault, shownFault } from '../domain/faults/explanation.ts'
import { KEEP_DAYS, isErrorId } from '../domain/faults/fault.ts'
import { createFaultStore } from '../domain/faults/store.ts'
import { openDatabase } from '../platform/db/database.ts'
import { embeddedFolder } from '../platform/db/embedded-url.ts'
import { type Command, UsageError, environment, print } from './command.ts'

/** A running service writes what it noted within a second. */
const WRITTEN_AFTER_MS = 1200
const TIME_LIMIT_MS = 3000

export const why: Command = {
  usage: 'why <error id>',
  about: 'explain an error by the id that its page or answer showed',
  async run(invocation) {
    const [id, ...rest] = invocation.words
    if (id === undefined || rest.length > 0 || !isErrorId(id))
      throw new UsageError('why <error id>: the 12 characters under “Reference”, or after ?id=')
    const fault = await find(environment(), id)
    if (fault === undefined)
      throw new Error(
        `nothing is kept under ${id}: errors are for ${KEEP_DAYS} days, and of very many at once only some; the log has a line for each (reqId)`,
      )
    print(invocation, fault, linesOfFault(fault))
  },
}

async function find(config: Config, id: string): Promise<ShownFault | undefined> {
  const folder = embeddedFolder(config.databaseUrl)
  if (config.databaseUrl.startsWith('pglite:')) {
    // The embedded database serves one process: where a service runs, it is the one to ask.
    const told = await ask(config.issuer, id)
    if (told !== 'no answer') return told
    if (folder === undefined || !existsSync(folder)) return undefined
  }
  return look(config.databaseUrl, id)
}

/** Asks the service on this machine; it answers in JSON where its issuer is this machine, and nowhere else. */
async function ask(issuer: string, id: string): Promise<ShownFault | undefined | 'no answer'> {
  const answer = await fetch(`${issuer}/error?id=${id}`, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  }).catch(() => undefined)
  if (answer === undefined) return 'no answer'
  const read = ShownFault.safeParse(await answer.json().catch(() => undefined))
  return read.success ? read.data : undefined
}

async function look(databaseUrl: string, id: string): Promise<ShownFault | undefined> {
  const database = await openDatabase(databaseUrl)
  try {
    // Only reading: bringing the database up to date is the next start's to do, or migrate's.
    if ((await database.pendingMigrations()) > 0)
      throw new Error('the database is older than this version: run migrate first')
    const store = createFaultStore(database.db)
    const found = await store.find(id)
    if (found !== undefined) return shownFault(found)
    await wait(WRITTEN_AFTER_MS)
    const later = await store.find(id)
    return later === undefined ? undefined : shownFault(later)
  } finally {
    await database.close()
  }
}
