import { parseArgs } from 'node:util'
import { resetFactors } from '../domain/factors/reset.ts'
import { createSettingsStore } from '../domain/settings/store.ts'
import { type EmailAddress, parseEmail } from '../domain/users/email.ts'
import { createUserStore } from '../domain/users/store.ts'
import { letterLanguage } from '../http/language/letter-language.ts'
import { factorsResetLetter } from '../http/mails/factors-reset.ts'
import { type Invocation, UsageError, environment, print, withFoundation } from './command.ts'

const USAGE = 'user reset-mfa <email> [--keep-passkeys]'

interface Asked {
  readonly email: EmailAddress
  readonly keepPasskeys: boolean
}

/**
 * `user reset-mfa <email>`: removes a person's second factors and mails the news. The last way in for somebody who
 * lost phone and recovery codes, so it exists at the operator's prompt only.
 */
export async function resetMfa(invocation: Invocation): Promise<void> {
  const { email, keepPasskeys } = parse(invocation.words.slice(1))
  const { issuer } = environment()
  await withFoundation(async (foundation) => {
    const { db } = foundation.database
    const person = await createUserStore(db).findByEmail(email)
    if (person === undefined) throw new UsageError(`nobody has the address ${email}`)
    const { brand } = await createSettingsStore(db).load()
    // The person's own choice, if it is a language there are letters in: nobody is at a browser here.
    const [tag] = person.claims.locale?.toLowerCase().split(/[-_]/) ?? []
    const language = letterLanguage(tag, brand)
    const asked = { userId: person.id, keepPasskeys, by: 'command line' }
    const outcome = await resetFactors(foundation, asked, (to, at) =>
      factorsResetLetter(language, issuer, to, at, keepPasskeys),
    )
    if (outcome.kind === 'unknown') throw new UsageError(`nobody has the address ${email}`)
    if (outcome.kind === 'nothing') {
      const lines = [`${email} has no second factor that could be removed. Nothing was changed.`]
      return print(invocation, { email, reset: false }, lines)
    }
    const { authenticators, passkeys, recoveryCodes } = outcome.removed
    const sessions_ended = outcome.sessionsEnded
    const removed = { authenticators, passkeys, recovery_codes: recoveryCodes }
    print(invocation, { email, reset: true, removed, sessions_ended }, [
      `${email}: removed ${authenticators} authenticators, ${passkeys} passkeys and ${recoveryCodes} recovery codes.`,
      `Signed out of ${sessions_ended} sessions. A mail tells the person.`,
    ])
  })
}

function parse(words: readonly string[]): Asked {
  const { values, positionals } = options(words)
  const [address, ...more] = positionals
  const email = address === undefined ? undefined : parseEmail(address)
  if (email === undefined || more.length > 0) throw new UsageError(USAGE)
  return { email, keepPasskeys: values['keep-passkeys'] }
}

function options(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { 'keep-passkeys': { type: 'boolean', default: false } },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
