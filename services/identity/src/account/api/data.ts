import { Readable } from 'node:stream'
import { z } from 'zod'
import { type LeaveDeps, leave } from '../../domain/leaving/leave.ts'
import { type OwnDataDeps, ownData } from '../../domain/own-data/own-data.ts'
import { parseEmail } from '../../domain/users/email.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { ApiProblem, comeBackAfter, memberFault } from '../../http/api/problem.ts'
import { leavingLetters } from '../../http/mails/leaving.ts'
import { Moment, moment } from './moment.ts'
import { TO_CHANGE, TO_READ } from './scopes.ts'

export type DataDeps = OwnDataDeps & LeaveDeps

const Named = z.object({ name: z.string(), added_at: Moment, last_used_at: Moment.nullable() })

const OwnData = z
  .object({
    format: z
      .string()
      .describe('Names the shape of the document; another shape gets another name.'),
    issuer: z.url(),
    made_at: Moment,
    account: z.looseObject({ sub: z.uuid(), email: z.string() }),
    second_factors: z.object({
      authenticators: z.array(Named),
      passkeys: z.array(Named),
      recovery_codes: z.array(z.object({ made_at: Moment, used_at: Moment.nullable() })),
    }),
    trusted_devices: z.array(z.looseObject({ added_at: Moment, expires_at: Moment })),
    linked_accounts: z.array(z.looseObject({ provider: z.string(), subject: z.string() })),
    applications: z.array(z.looseObject({ client_id: z.string() })),
    devices: z.array(z.looseObject({ sid: z.uuid() })),
    application_sign_ins: z.array(z.looseObject({ client_id: z.string() })),
    security_log: z.array(z.looseObject({ at: Moment, event: z.string() })),
  })
  .describe('Everything that is kept about the person: no hashes, tokens or keys.')

const Deletion = z
  .strictObject({ confirm: z.string().max(320).describe('The e-mail address of the account.') })
  .meta({ examples: [{ confirm: 'ada@example.org' }] })

const Leaving = z.object({
  leaves_at: Moment.describe('When the account is deleted.'),
  can_be_kept: z.boolean().describe('Whether a link in the mail keeps the account until then.'),
})

export const dataSchemas = { OwnData, Deletion, Leaving }

/** Taking the data along, and leaving. */
export function dataOperations(deps: DataDeps): readonly Operation[] {
  return [
    operation({
      id: 'getData',
      method: 'GET',
      path: '/data',
      summary: 'Download everything that is kept about the person',
      scopes: TO_READ,
      fresh: true,
      answer: { status: 200, description: 'One document.', schema: OwnData },
      async run({ caller, ip }) {
        const data = await ownData(deps, caller.user.id, ip)
        switch (data.kind) {
          case 'document':
            return Readable.from(data.text)
          case 'too_often':
            throw comeBackAfter('too_many_requests', data.retryAfterSeconds)
          case 'gone':
            throw new ApiProblem('not_found')
        }
      },
    }),
    operation({
      id: 'deleteAccount',
      method: 'POST',
      path: '/deletion',
      summary: 'Delete the account',
      description:
        'Signs the person out everywhere, this application included. Until the account is deleted, a link that is mailed to the person keeps it.',
      scopes: TO_CHANGE,
      fresh: true,
      body: Deletion,
      problems: ['conflict'],
      answer: { status: 202, description: 'The account is on its way out.', schema: Leaving },
      async run({ caller, body, ip, language }) {
        if (parseEmail(body.confirm) !== caller.user.email)
          throw memberFault('confirm', 'is not the e-mail address of the account')
        const leaver = { userId: caller.user.id, ip, language: language.locale.lang }
        const letters = leavingLetters(language, deps.issuer)
        const left = await leave(deps, leaver, (to, leavesAt, token) =>
          letters.leaving(to, leavesAt, token),
        )
        switch (left.kind) {
          case 'leaving':
            return { leaves_at: moment(left.leavesAt), can_be_kept: left.canBeKept }
          case 'only_administrator':
            throw new ApiProblem('conflict', {
              detail: 'this is the only administrator: make another one first',
            })
          case 'gone':
            throw new ApiProblem('conflict', { detail: 'the account is leaving already' })
        }
      },
    }),
  ]
}
