import { z } from 'zod'
import { type EmailChangeDeps, askForEmailChange } from '../../domain/email-changes/ask.ts'
import { cancelEmailChange } from '../../domain/email-changes/cancel.ts'
import type { EmailChange } from '../../domain/email-changes/change.ts'
import { proveChangeByCode } from '../../domain/email-changes/prove.ts'
import { createEmailChangeStore } from '../../domain/email-changes/store.ts'
import { parseCode } from '../../domain/mail/code.ts'
import { createNotMeLinks } from '../../domain/recovery/not-me.ts'
import { parseEmail } from '../../domain/users/email.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { ApiProblem, comeBackAfter, memberFault } from '../../http/api/problem.ts'
import type { Language } from '../../http/language/language.ts'
import { accountLetters } from '../../http/mails/account.ts'
import { Moment, moment } from './moment.ts'
import { TO_CHANGE, TO_READ } from './scopes.ts'

export type EmailDeps = EmailChangeDeps & { readonly issuer: string }

const PendingEmail = z.object({
  email: z.string(),
  expires_at: Moment.describe('When it is forgotten if nobody proves it.'),
})
const Email = z.object({
  email: z.string().describe('The address in force.'),
  email_verified: z.boolean(),
  pending: PendingEmail.nullable().describe('The new address that waits for its proof.'),
})
const EmailChangeRequest = z
  .strictObject({ email: z.string().max(320) })
  .meta({ examples: [{ email: 'ada.lovelace@example.org' }] })
const EmailProof = z
  .strictObject({ code: z.string().max(64).describe('The six digits of the mail.') })
  .meta({ examples: [{ code: '123456' }] })

export const emailSchemas = { Email, PendingEmail, EmailChangeRequest, EmailProof }

/** The address of the account, and its change. */
export function emailOperations(deps: EmailDeps): readonly Operation[] {
  const notMe = createNotMeLinks(deps.ring)
  const letters = (language: Language) => accountLetters(language, deps.issuer, notMe).emailChange

  return [
    operation({
      id: 'getEmail',
      method: 'GET',
      path: '/email',
      summary: 'See the e-mail address',
      scopes: TO_READ,
      fresh: false,
      answer: { status: 200, description: 'The address, and one that waits.', schema: Email },
      async run({ caller }) {
        const { id, email, emailVerified } = caller.user
        const change = await createEmailChangeStore(deps.database.db).pending(id, deps.clock())
        const pending = change === undefined ? null : shown(change)
        return { email, email_verified: emailVerified, pending }
      },
    }),
    operation({
      id: 'askForEmailChange',
      method: 'POST',
      path: '/email/change',
      summary: 'Ask for another e-mail address',
      description:
        'The new mailbox gets a code and a link, the present one a notice. Nothing changes until the new one is proved. Whether it belongs to another account is not told here.',
      scopes: TO_CHANGE,
      fresh: true,
      body: EmailChangeRequest,
      answer: { status: 202, description: 'The new address waits.', schema: PendingEmail },
      async run({ caller, body, ip, language }) {
        const email = parseEmail(body.email)
        if (email === undefined) throw memberFault('email', 'is not an e-mail address')
        const asking = { userId: caller.user.id, email, ip }
        const asked = await askForEmailChange(deps, asking, letters(language))
        switch (asked.kind) {
          case 'asked':
            return shown(asked.change)
          case 'same':
            throw memberFault('email', 'is the address of the account already')
          case 'throttled':
            throw comeBackAfter('too_many_requests', asked.retryAfterSeconds)
        }
      },
    }),
    operation({
      id: 'confirmEmailChange',
      method: 'POST',
      path: '/email/change/confirm',
      summary: 'Prove the new e-mail address by its code',
      description: 'A code works for ten minutes and five tries.',
      scopes: TO_CHANGE,
      fresh: true,
      body: EmailProof,
      problems: ['conflict'],
      answer: { status: 200, description: 'The new address is in force.', schema: Email },
      async run({ caller, body, ip, language }) {
        const code = parseCode(body.code)
        if (code === undefined) throw memberFault('code', 'is not six digits')
        const prover = { userId: caller.user.id, ip }
        const proof = await proveChangeByCode(deps, prover, code, letters(language))
        switch (proof.kind) {
          case 'changed':
            return { email: proof.email, email_verified: true, pending: null }
          case 'wrong':
            throw memberFault('code', 'is not the code of the last mail')
          case 'expired':
            throw memberFault('code', 'has expired: ask for the change again')
          case 'exhausted':
            throw memberFault('code', 'was tried too often: ask for the change again')
          case 'gone':
            throw new ApiProblem('conflict', { detail: 'no new address waits for its proof' })
        }
      },
    }),
    operation({
      id: 'cancelEmailChange',
      method: 'DELETE',
      path: '/email/change',
      summary: 'Give the change of e-mail address up',
      scopes: TO_CHANGE,
      fresh: true,
      problems: ['not_found'],
      answer: { status: 204, description: 'No new address waits.' },
      async run({ caller, ip }) {
        const cancelled = await cancelEmailChange(deps, caller.user.id, ip)
        if (!cancelled) throw new ApiProblem('not_found')
      },
    }),
  ]
}

function shown({ email, expiresAt }: EmailChange): z.infer<typeof PendingEmail> {
  return { email, expires_at: moment(expiresAt) }
}
