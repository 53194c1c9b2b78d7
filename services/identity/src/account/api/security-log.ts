import { z } from 'zod'
import { eventsOf } from '../../domain/security-log/events.ts'
import { type LogEntry, type OwnLogDeps, ownLog } from '../../domain/security-log/own-log.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { Moment, moment } from './moment.ts'
import { TO_READ } from './scopes.ts'

export type SecurityLogDeps = OwnLogDeps

const KINDS = ['sign_in', 'change'] as const
const MAX_EVENTS = 200
const PAGE = 50

const SecurityEvent = z.object({
  id: z.uuid(),
  at: Moment,
  event: z.string().describe(`One of ${eventsOf(undefined).join(', ')}; more may come.`),
  kind: z.enum(KINDS),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  app: z.object({ client_id: z.string(), name: z.string() }).nullable(),
  fields: z.array(z.string()).describe('Names of the fields of the profile that were changed.'),
})
const SecurityLog = z.object({
  events: z.array(SecurityEvent),
  older: z
    .uuid()
    .nullable()
    .describe('What before must be for the next page; null on the last one.'),
})

const Query = z.strictObject({
  before: z.uuid().optional().describe('Only what was before this event.'),
  // A query holds text: the number is read from it.
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'is not a number from 1 to 200')
    .transform(Number)
    .refine((count) => count <= MAX_EVENTS, 'is not a number from 1 to 200')
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum: MAX_EVENTS, default: PAGE })
    .describe('How many events.'),
  kind: z.enum(KINDS).optional(),
})

export const securityLogSchemas = { SecurityEvent, SecurityLog }

/** What happened to the account. */
export function securityLogOperations(deps: SecurityLogDeps): readonly Operation[] {
  return [
    operation({
      id: 'getSecurityLog',
      method: 'GET',
      path: '/security-log',
      summary: 'See what happened to the account',
      scopes: TO_READ,
      fresh: false,
      query: Query,
      answer: { status: 200, description: 'Newest first, page by page.', schema: SecurityLog },
      async run({ caller, query: { limit = PAGE, ...query } }) {
        const { entries, older } = await ownLog(deps, caller.user.id, { ...query, limit })
        return { events: entries.map(shown), older: older ?? null }
      },
    }),
  ]
}

function shown({ at, ip, userAgent, app, fields, ...entry }: LogEntry) {
  return {
    ...entry,
    at: moment(at),
    ip: ip ?? null,
    user_agent: userAgent ?? null,
    app: app === undefined ? null : { client_id: app.clientId, name: app.name },
    fields: [...fields],
  }
}
