import type { z } from 'zod'
import { ApiProblem, type InputFault } from './problem.ts'

/** Reads a body by its schema. Throws ApiProblem with every fault at its place. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  return read(schema, body, (path) => ({
    // RFC 6901 §6: as a fragment, which is how RFC 9457 §3 shows places.
    pointer: `#${path.map((part) => `/${encodeURIComponent(escaped(part))}`).join('')}`,
  }))
}

/** Reads the query by its schema. Throws ApiProblem with every fault at its parameter. */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  return read(schema, query, ([parameter = '']) => ({ parameter: String(parameter) }))
}

/** Reads the variables of the path: what no id can look like is nowhere. Throws ApiProblem. */
export function readPath<T>(schema: z.ZodType<T>, params: unknown): T {
  const read = schema.safeParse(params)
  if (!read.success) throw new ApiProblem('not_found')
  return read.data
}

type Path = readonly PropertyKey[]

function read<T>(
  schema: z.ZodType<T>,
  input: unknown,
  place: (path: Path) => Omit<InputFault, 'detail'>,
): T {
  const read = schema.safeParse(input)
  if (read.success) return read.data
  const errors = read.error.issues.flatMap((issue): InputFault[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ ...place([...issue.path, key]), detail: 'is not known here' }))
      : [{ ...place(issue.path), detail: issue.message }],
  )
  const [first] = errors
  const reason = first && `${first.pointer ?? first.parameter ?? ''} ${first.detail}`
  throw new ApiProblem('invalid_input', {
    errors,
    why: {
      check: 'api_input_not_acceptable',
      ...(reason !== undefined && { received: { reason } }),
    },
  })
}

function escaped(part: PropertyKey): string {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1')
}
