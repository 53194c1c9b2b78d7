import type { Why } from '../../domain/faults/why.ts'

interface Described {
  readonly status: number
  readonly title: string
  /** What the developer of a program can do about it. */
  readonly next: string
}

/** What can go wrong at an API of ours: the status and the words of each problem, by its name. */
export const PROBLEMS = {
  malformed: {
    status: 400,
    title: 'The request cannot be read',
    next: 'The detail says why: no JSON, a member twice, text that is none, a broken Authorization header.',
  },
  unauthenticated: {
    status: 401,
    title: 'An access token is missing',
    next: 'Send it in the Authorization header. Cookies and the query do not count.',
  },
  invalid_token: {
    status: 401,
    title: 'The access token is not valid here',
    next: 'It has expired, was revoked, or is for another API. Refresh it, or ask for one by naming this API as its resource.',
  },
  insufficient_user_authentication: {
    status: 401,
    title: 'The sign-in is too long ago',
    next: 'Send the person through the authorization endpoint again with the max_age of the challenge, and call with the new token.',
  },
  insufficient_scope: {
    status: 403,
    title: 'The access token does not allow this',
    next: 'The challenge names the scope that does.',
  },
  person_required: {
    status: 403,
    title: 'No person is behind the access token',
    next: 'Tokens of client_credentials act for the application alone; use one that a person allowed.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing here',
    next: 'The address is wrong, or what it names is gone or not of this person.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The address does not take this method',
    next: 'The Allow header lists those that it takes.',
  },
  conflict: {
    status: 409,
    title: 'The account does not allow this now',
    next: 'The detail says what stands in the way.',
  },
  too_large: {
    status: 413,
    title: 'The request is too large',
    next: 'A body may have 64 kB.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body must be application/json',
    next: 'Say so in the Content-Type header.',
  },
  invalid_input: {
    status: 422,
    title: 'The input is not acceptable',
    next: 'Each entry of errors names a place, by JSON Pointer in the body or by the name of a parameter, and says why.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    next: 'Wait for as many seconds as the Retry-After header says.',
  },
  server_error: {
    status: 500,
    title: 'Something went wrong here',
    next: 'The id in instance leads the operators to what happened.',
  },
  unavailable: {
    status: 503,
    title: 'The service is not available for a moment',
    next: 'Wait for as many seconds as the Retry-After header says.',
  },
} as const satisfies Readonly<Record<string, Described>>
export type ProblemName = keyof typeof PROBLEMS

/** A fault of the input, at its place: in the body by JSON Pointer (RFC 6901 §6), in the query by its name. */
export interface InputFault {
  readonly pointer?: string
  readonly parameter?: string
  readonly detail: string
}

export interface ProblemOptions {
  /** What the program may know beyond the name of the problem; for developers, never about others. */
  readonly detail?: string | undefined
  readonly errors?: readonly InputFault[]
  readonly headers?: Readonly<Record<string, string>>
  /** For the log and `signet why` only. */
  readonly why?: Why | undefined
}

/** An error whose name and detail the program at an API may see, RFC 9457. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly problem: ProblemName
  readonly options: ProblemOptions

  constructor(problem: ProblemName, options: ProblemOptions = {}) {
    super(options.detail === undefined ? problem : `${problem}: ${options.detail}`)
    this.problem = problem
    this.options = options
  }

  get status(): number {
    return PROBLEMS[this.problem].status
  }
}

/** One fault of a member of the body. */
export function memberFault(member: string, detail: string): ApiProblem {
  return new ApiProblem('invalid_input', { errors: [{ pointer: `#/${member}`, detail }] })
}

/** Comes again later: a budget is used up, or too much is going on. */
export function comeBackAfter(
  problem: 'too_many_requests' | 'unavailable',
  seconds: number,
  detail?: string,
): ApiProblem {
  return new ApiProblem(problem, { detail, headers: { 'retry-after': String(seconds) } })
}

/** The name of a problem as the anchor of its description, which its type ends in. */
export function problemAnchor(name: ProblemName): string {
  return name.replaceAll('_', '-')
}
