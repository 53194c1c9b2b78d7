import { setDisabled } from '../domain/standing/disable.ts'
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
    await withFoundation(async (foundation) => {
      if (!(await setDisabled(foundation, { email, disabled: verb === 'disable' })))
        throw new UsageError(`nobody has the address ${email}`)
      print(invocation, { email, disabled: verb === 'disable' }, [`${email} is ${verb}d.`])
    })
  },
}
