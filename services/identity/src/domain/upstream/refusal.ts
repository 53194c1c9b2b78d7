import { AuthorizationResponseError } from 'oauth4webapi'
import { OutboundError } from '../../platform/outbound/fetch.ts'

/** Why a visit to a provider led to nobody. */
export type UpstreamFault =
  /** The person pressed "Cancel" there. */
  | 'cancelled'
  /** The provider said no, by an error of its own. */
  | 'refused'
  /** It did not answer, or not in time. */
  | 'unreachable'
  /** It answered what cannot be believed. */
  | 'failed'
  | 'other_domain'

/** What happened is for the page; why, for the log alone. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly fault: UpstreamFault
  constructor(fault: UpstreamFault, reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.fault = fault
  }
}

/** Sorts what went wrong in a visit, by whoever found it. */
export function asUpstreamError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error
  const options = { cause: error }
  if (error instanceof OutboundError)
    return new UpstreamError('unreachable', error.message, options)
  if (error instanceof AuthorizationResponseError) {
    const fault = error.error === 'access_denied' ? 'cancelled' : 'refused'
    return new UpstreamError(fault, `error=${error.error.slice(0, 100)}`, options)
  }
  return new UpstreamError('failed', messageOf(error), options)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
