import { z } from 'zod'
import {
  type ChangePasswordDeps,
  type PasswordChanging,
  changePassword,
} from '../../domain/recovery/change-password.ts'
import { createNotMeLinks } from '../../domain/recovery/not-me.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { ApiProblem, comeBackAfter, memberFault } from '../../http/api/problem.ts'
import { accountLetters } from '../../http/mails/account.ts'
import { passwordProblem } from '../../http/sign-in/password-problem.ts'
import type { Words } from '../../http/words/words.ts'
import { TO_CHANGE } from './scopes.ts'

export type PasswordDeps = ChangePasswordDeps & { readonly issuer: string }

const PasswordChange = z
  .strictObject({
    current_password: z
      .string()
      .default('')
      .describe('Not looked at for an account that has no password yet.'),
    new_password: z.string(),
    sign_out_others: z.boolean().default(true),
  })
  .meta({
    examples: [
      {
        current_password: 'correct horse battery staple',
        new_password: 'purple monkey dishwasher',
        sign_out_others: true,
      },
    ],
  })

export const passwordSchemas = { PasswordChange }

/** The password. */
export function passwordOperations(deps: PasswordDeps): readonly Operation[] {
  const notMe = createNotMeLinks(deps.ring)

  return [
    operation({
      id: 'changePassword',
      method: 'POST',
      path: '/password',
      summary: 'Change the password',
      description:
        'Signs the person out on all other devices unless told otherwise. The present session, and what applications were allowed from it, go on.',
      scopes: TO_CHANGE,
      fresh: true,
      body: PasswordChange,
      problems: ['conflict'],
      answer: { status: 204, description: 'The new password is in force.' },
      async run({ caller, body, ip, language }) {
        const change = {
          userId: caller.user.id,
          sessionId: caller.sessionId,
          current: body.current_password,
          fresh: body.new_password,
          endOthers: body.sign_out_others,
          ip,
        }
        const letters = accountLetters(language, deps.issuer, notMe)
        const changed = await changePassword(deps, change, (news) => letters.passwordChanged(news))
        switch (changed.kind) {
          case 'changed':
            return
          case 'refused':
            throw memberFault('new_password', refusal(language.words, changed.fault))
          case 'wrong':
            throw memberFault('current_password', 'is not the password of the account')
          case 'throttled':
            throw comeBackAfter('too_many_requests', changed.retryAfterSeconds)
          case 'busy':
            throw comeBackAfter('unavailable', changed.retryAfterSeconds)
          case 'overtaken':
            throw new ApiProblem('conflict', { detail: 'the password was changed just now' })
        }
      },
    }),
  ]
}

type Refused = Extract<PasswordChanging, { readonly kind: 'refused' }>['fault']

/** In the language of the request: an application shows it to the person who chooses. */
function refusal(words: Words, fault: Refused): string {
  return fault.kind === 'same' ? words.change.password.problems.same : passwordProblem(words, fault)
}
