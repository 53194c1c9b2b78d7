import { type Command, print, withFoundation } from './command.ts'

export const migrate: Command = {
  usage: 'migrate',
  about: 'bring the database up to this version',
  async run(invocation) {
    await withFoundation(async () =>
      print(invocation, { migrated: true }, ['The database is up to date.']),
    )
  },
}
