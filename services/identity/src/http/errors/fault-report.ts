import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Fault, type Refusal, faultOf } from '../../domain/faults/fault.ts'
import type { FaultJournal } from '../../domain/faults/journal.ts'
import { isLoopbackHost } from '../../domain/oauth/redirect-uri.ts'
import type { Clock } from '../../platform/clock.ts'
import { paths } from '../paths.ts'
import { peerNetwork } from '../peer-address.ts'

export type Refused = Pick<Refusal, 'code' | 'status' | 'why' | 'hint'>

/** What every error of every channel goes through: it is logged, kept for `signet why`, and given an address. */
export interface FaultReport {
  readonly clock: Clock
  /** The issuer is this machine: whoever asks is who runs it, and may read everything on the page. */
  readonly open: boolean
  /** Notes a refusal; its request's id is on the answer. Never throws. */
  refused(request: FastifyRequest, reply: FastifyReply, refused: Refused): Fault
  /** Where the error is explained, for `error_uri` (RFC 6749 §4.1.2.1, §5.2). */
  uriOf(request: FastifyRequest): string
  /** A fault that was noted within the last days, unless there were too many. */
  find(id: string): Promise<Fault | undefined>
}

const client = Symbol('the registered client that a request is about')
type AboutClient = FastifyRequest & { [client]?: string }

/** Says which registered client a request is about, for whatever goes wrong later. */
export function aboutClient(request: AboutClient, clientId: string): void {
  request[client] = clientId
}

/** Whether an issuer is this machine itself, where nobody is a stranger. */
function tellsEverything(issuer: string): boolean {
  return isLoopbackHost(new URL(issuer).hostname)
}

export function createFaultReport(
  issuer: string,
  journal: FaultJournal,
  clock: Clock,
): FaultReport {
  return {
    clock,
    open: tellsEverything(issuer),
    refused(request: AboutClient, reply, refused) {
      const fault = faultOf({
        ...refused,
        id: request.id,
        at: clock(),
        method: request.method,
        path: request.routeOptions.url ?? request.url.split('?', 1)[0] ?? '',
        clientId: request[client],
      })
      void reply.header('x-request-id', fault.id)
      const { code: error, status, clientId, check, expected, received } = fault
      if (status < 500)
        request.log.info({ error, status, clientId, check, expected, received }, 'refused')
      journal.note(fault, peerNetwork(request))
      return fault
    },
    uriOf: ({ id }) => `${issuer}${paths.error}?id=${id}`,
    find: (id) => journal.find(id),
  }
}
