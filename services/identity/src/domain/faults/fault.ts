import { type Check, isCheck, wordsOf } from './checks.ts'
import { type Facts, shownFacts, shownText } from './shown.ts'
import type { Why } from './why.ts'

/** A refusal as it is kept: enough to explain it later, nothing that opens a door. */
export interface Fault {
  /** The id that the page or the answer showed. */
  readonly id: string
  readonly at: Date
  /** The error code, as the page or the answer spells it. */
  readonly code: string
  readonly status: number
  readonly method: string
  /** Without the query, which holds codes and hints. */
  readonly path: string
  /** A registered client, never what merely claims to be one. */
  readonly clientId: string | undefined
  readonly check: Check
  readonly expected: Facts | undefined
  readonly received: Facts | undefined
  readonly cause: string
  readonly advice: string
  /** Lines of the configuration file, ready to copy. */
  readonly change: string | undefined
}

/** What is known at the moment of a refusal. */
export interface Refusal {
  readonly id: string
  readonly at: Date
  readonly code: string
  readonly status: number
  readonly method: string
  readonly path: string
  readonly clientId?: string | undefined
  readonly why?: Why | undefined
  /** What the log says of it, where the check says nothing of its own. */
  readonly hint?: string | undefined
}

/** How long a fault is remembered. */
export const KEEP_DAYS = 7

const ERROR_ID = /^[\w-]{12}$/

/** Whether a text has the form of an error id. */
export function isErrorId(text: string): boolean {
  return ERROR_ID.test(text)
}

/** The fault behind a refusal, explained and fit to be kept. */
export function faultOf(refusal: Refusal): Fault {
  const { code, clientId, hint, method } = refusal
  const why = refusal.why ?? generalWhy(code, hint)
  const { cause, fix } = wordsOf(why.check)
  return {
    id: refusal.id,
    at: refusal.at,
    code,
    status: refusal.status,
    method,
    path: shownText(refusal.path),
    clientId,
    check: why.check,
    expected: shownFacts(why.expected),
    received: shownFacts(why.received),
    cause,
    advice: why.advice ?? fix,
    change: why.change,
  }
}

/** Where no check spoke: the code itself may be one, and the log's own words are all there is beside it. */
function generalWhy(code: string, hint: string | undefined): Why {
  const check = isCheck(code) ? code : code === 'invalid_request' ? 'request_malformed' : 'refused'
  return { check, ...(hint !== undefined && { received: { reason: hint } }) }
}
