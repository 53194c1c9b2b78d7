import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { type InviteOutcome, invite } from '../domain/registrations/invite.ts'
import { createSettingsStore } from '../domain/settings/store.ts'
import { type EmailAddress, parseEmail } from '../domain/users/email.ts'
import { SUPPORTED_LOCALES } from '../http/language/language.ts'
import { letterLanguage } from '../http/language/letter-language.ts'
import { invitationLetter } from '../http/mails/invitation.ts'
import { invitationPath } from '../http/paths.ts'
import { ConfigurationError } from '../service.ts'
import { type Invocation, UsageError, print, withFoundation } from './command.ts'

interface Asked {
  readonly email: EmailAddress
  readonly roles: readonly string[]
  /** Of the letter. */
  readonly language: string
}

/** `user invite <email>`: mails a link that makes an account, and prints it. */
export async function inviteSomebody(invocation: Invocation): Promise<void> {
  const asked = parse(invocation.words.slice(1))
  const config = readConfig()
  if ('faults' in config) throw new ConfigurationError(config.faults)
  const { issuer } = config
  await withFoundation(async (foundation) => {
    const { brand } = await createSettingsStore(foundation.database.db).load()
    const language = letterLanguage(asked.language, brand)
    const outcome = await invite(foundation, asked, (to, token) =>
      invitationLetter(language, issuer, to, token),
    )
    if (outcome.kind !== 'invited') throw new UsageError(refusal(asked.email, outcome))
    const { email, roles } = asked
    const link = `${issuer}${invitationPath(outcome.token)}`
    const expires_at = outcome.expiresAt.toISOString()
    const lines = [link, `The same link is mailed to ${email}. It works until ${expires_at}.`]
    print(invocation, { email, roles, link, expires_at }, lines)
  })
}

function refusal(email: EmailAddress, outcome: Exclude<InviteOutcome, { kind: 'invited' }>) {
  switch (outcome.kind) {
    case 'unknown_role':
      return `there is no role ${outcome.role}; the configuration file defines roles`
    case 'has_account':
      return `${email} has an account already`
    case 'closed':
      return 'registration is closed, to those who are invited as well: set sign_up to invited'
  }
}

function parse(words: readonly string[]): Asked {
  const { values, positionals } = options(words)
  const { language, role } = values
  const [address, ...more] = positionals
  const email = address === undefined ? undefined : parseEmail(address)
  if (email === undefined || more.length > 0)
    throw new UsageError('user invite <email> [--role <name>]... [--language <tag>]')
  if (!SUPPORTED_LOCALES.includes(language))
    throw new UsageError(`--language is one of ${SUPPORTED_LOCALES.join(', ')}`)
  return { email, roles: [...new Set(role)], language }
}

function options(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        role: { type: 'string', multiple: true, default: [] },
        language: { type: 'string', default: 'en' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
