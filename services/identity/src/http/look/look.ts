import type { FastifyRequest } from 'fastify'

/** How the operator wants the pages to look; what is absent looks as it comes. */
export interface Look {
  /** What the service calls itself. */
  readonly product?: string | undefined
  /** Address of the picture that stands where the mark stands. */
  readonly logo?: string | undefined
  /** Address of the style that comes after ours. */
  readonly style?: string | undefined
  /** The accent on light ground, for mails. */
  readonly accent?: string | undefined
  /** The service runs on its developer's machine, where pictures come over plain http. */
  readonly isLocal?: boolean | undefined
}

export const PLAIN_LOOK: Look = {}

const present = Symbol('look of the pages that this request gets')
type Looking = FastifyRequest & { [present]?: Look }

/** Notes the look for every page that answers this request. */
export function setLook(request: Looking, look: Look): void {
  request[present] = look
}

export function lookOf(request: Looking): Look {
  return request[present] ?? PLAIN_LOOK
}
