import { createAuditStore } from '../domain/audit/store.ts'
import { createSessionStore } from '../domain/sessions/store.ts'
import { createUserStore } from '../domain/users/store.ts'
import { parseEmail } from '../domain/users/email.ts'
import { type Command, UsageError, print, withFoundation } from './command.ts'
import { inviteSomebody } from './invite.ts'
import { resetMfa } from './reset-mfa.ts'

export const user: Command = {
  usage: 'user list|disable|enable|invite|reset-mfa <email>',
  about:
    'see the accounts, switch one off or on, invite somebody (--role <name>), remove lost second factors',
  async run(invocation) {
    const [verb, address, ...rest] = invocation.words
    if (verb === 'list' && address === undefined)
      return withFoundation(async ({ database }) => {
        const users = await createUserStore(database.db).all()
        const shown = users.map(({ id, email, emailVerified, roles, disabledAt, leavesAt }) => ({
          id,
          email,
          email_verified: emailVerified,
          roles,
          disabled_at: disabledAt?.toISOString(),
          leaves_at: leavesAt?.toISOString(),
        }))
        const lines = shown.map(({ email, roles, disabled_at: off, leaves_at: end }) => {
          const states = [off && 'disabled', end && `to be deleted ${end}`]
          const state = states.filter((word) => word !== undefined).join(', ')
          return `${email}  ${roles.join(', ')}${state === '' ? '' : `  (${state})`}`
        })
        print(invocation, { users: shown }, lines)
      })
    if (verb === 'invite') return inviteSomebody(invocation)
    if (verb === 'reset-mfa') return resetMfa(invocation)
    const email = address === undefined ? undefined : parseEmail(address)
    if ((verb !== 'disable' && verb !== 'enable') || email === undefined || rest.length > 0)
      throw new UsageError('user list, or disable, enable, invite, reset-mfa with an <email>')
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
