import { readConfig } from '../config.ts'
import { createAuditStore } from '../domain/audit/store.ts'
import { createSetupStore } from '../domain/setup/store.ts'
import { ConfigurationError } from '../service.ts'
import { type Command, print, withFoundation } from './command.ts'

export const adminLink: Command = {
  usage: 'admin-link',
  about: 'a link that makes an administrator, good once and for an hour',
  async run(invocation) {
    const config = readConfig()
    if ('faults' in config) throw new ConfigurationError(config.faults)
    await withFoundation(async ({ database, clock }) => {
      const token = await database.db.transaction(async (tx) => {
        await createAuditStore(tx, clock).record({ event: 'setup_link_created' })
        return createSetupStore(tx).create(clock())
      })
      const link = `${config.issuer}/setup?token=${token}`
      print(invocation, { link }, [link])
    })
  },
}
