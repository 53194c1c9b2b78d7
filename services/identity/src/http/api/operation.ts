import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Language } from '../language/language.ts'
import type { ApiCaller } from './access.ts'
import { PROBLEMS, type ProblemName } from './problem.ts'

export type ApiMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A call that was let in, with its input as the schemas made it. */
export interface Call<Path, Query, Body> {
  readonly caller: ApiCaller
  readonly path: Path
  readonly query: Query
  readonly body: Body
  readonly ip: string
  readonly userAgent: string | undefined
  /** Of letters that the call causes. */
  readonly language: Language
}

interface Described {
  /** Unique over all APIs: generators of clients make a function name of it. */
  readonly id: string
  readonly method: ApiMethod
  /** Below the API's base, variables in braces. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** One of these is enough. */
  readonly scopes: readonly string[]
  /** Whether the person's last proof must be recent. */
  readonly fresh: boolean
  /** What can go wrong beyond what follows from the rest. */
  readonly problems?: readonly ProblemName[]
}

interface Definition<Path, Query, Body, Result> extends Described {
  readonly params?: z.ZodType<Path>
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  readonly answer: {
    readonly status: 200 | 202 | 204
    readonly description: string
    readonly schema?: z.ZodType<Result>
  }
  /** A stream is the answer's JSON, made while it is sent. */
  run(call: Call<Path, Query, Body>): Promise<Result | Readable>
}

/** One operation of an API: the only source of its route, of its line in the OpenAPI document and of its place on the page. */
export type Operation = Definition<unknown, unknown, unknown, unknown>

/** Keeps the types of an operation's schemas and of its function together. */
export function operation<Path = undefined, Query = undefined, Body = undefined, Result = void>(
  definition: Definition<Path, Query, Body, Result>,
): Operation {
  // The channel calls `run` only with what the very schemas of this definition made.
  return definition
}

/** An API of this service. */
export interface Api {
  /** Such as `account`: the tag of its operations. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** The path that all its operations are below. */
  readonly base: string
  /** The audience of its access tokens (RFC 8707). */
  readonly audience: string
  /** Scope name to what it allows. */
  readonly scopes: Readonly<Record<string, string>>
  /** By their names in the OpenAPI document; every schema of a body or an answer is here. */
  readonly schemas: Readonly<Record<string, z.ZodType>>
  readonly operations: readonly Operation[]
}

/** The problems an operation can end in, in the order of their status. */
export function problemsOf({ scopes, fresh, params, query, body, problems = [] }: Operation) {
  const names = new Set<ProblemName>(['unauthenticated', 'invalid_token', 'person_required'])
  if (scopes.length > 0) names.add('insufficient_scope')
  if (fresh) names.add('insufficient_user_authentication')
  if (params !== undefined) names.add('not_found')
  if (query !== undefined || body !== undefined) names.add('invalid_input')
  if (body !== undefined)
    for (const name of ['malformed', 'too_large', 'unsupported_media_type'] as const)
      names.add(name)
  names.add('too_many_requests').add('unavailable')
  for (const name of problems) names.add(name)
  return [...names].toSorted((a, b) => PROBLEMS[a].status - PROBLEMS[b].status)
}
