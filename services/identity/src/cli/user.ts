import { createAuditStore } from '../domain/audit/store.ts'
import { createSessionStore } from '../domain/sessions/store.ts'
import { createUserStore } from '../domain/users/store.ts'
import { parseEmail } from '../domain/users/email.ts'
import { type Command, UsageError, print, withFoundation } from './command.ts'

export const user: Command = {
  usage: 'user list|disable <email>|enable <email>',
  about: 'see the accounts, switch one off or on',
  async run(invocation) {
    const [verb, address, ...rest] = invocation.words
    if (verb === 'list' && address === undefined)
      return withFoundation(async ({ database }) => {
        const users = await createUserStore(database.db).all()
        const shown = users.map(({ id, email, emailVerified, roles, disabledAt }) => ({
          id,
          email,
          email_verified: emailVerified,
          roles,
          disabled_at: disabledAt?.toISOString(),
        }))
        const lines = shown.map(
          ({ email, roles, disabled_at: off }) =>
            `${email}  ${roles.join(', ')}${off === undefined ? '' : '  (disabled)'}`,
        )
        print(invocation, { users: shown }, lines)
      })
    const email = address === undefined ? undefined : parseEmail(address)
    if ((verb !== 'disable' && verb !== 'enable') || email === undefined || rest.length > 0)
      throw new UsageError('user list, user disable <email>, or user enable <email>')
    await withFoundation(async ({ database, clock }) => {
      const users = createUserStore(database.db)
      const found = await users.findByEmail(email)
      if (found === undefined) throw new UsageError(`nobody has the address ${email}`)
      const disabledAt = verb === 'disable' ? clock() : null
      await database.db.transaction(async (tx) => {
        await createUserStore(tx).update(found.id, { disabledAt }, clock())
        // Enabled again, the person signs in again: nothing of before comes back to life.
        if (disabledAt !== null) await createSessionStore(tx).endAllOf(found.id, clock())
        const event = verb === 'disable' ? 'user_disabled' : 'user_enabled'
        await createAuditStore(tx, clock).record({ event, userId: found.id })
      })
      print(invocation, { email, disabled: verb === 'disable' }, [`${email} is ${verb}d.`])
    })
  },
}
