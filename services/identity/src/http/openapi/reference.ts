import type { z } from 'zod'
import { type Api, type Operation, problemsOf } from '../api/operation.ts'
import type { ProblemName } from '../api/problem.ts'
import { type JsonSchema, type SchemaBook, membersOf } from './schemas.ts'

/** One member of a body, an answer, the path or the query, as a person reads of it. */
export interface Member {
  readonly name: string
  /** How deep it lies: in a member of a member, or of the entries of a list, 1. */
  readonly depth: number
  readonly type: string
  readonly required: boolean
  readonly description: string | undefined
}

/** An operation as the pages for developers show it. */
export interface OperationReference {
  readonly operation: Operation
  readonly api: Api
  readonly url: string
  readonly parameters: readonly Member[]
  readonly body: readonly Member[]
  readonly answer: readonly Member[]
  readonly problems: readonly ProblemName[]
  /** A call of it by curl. */
  readonly example: string
}

/** What there is to say of an operation, from the same schemas as the OpenAPI document. */
export function operationReference(
  issuer: string,
  api: Api,
  operation: Operation,
  book: SchemaBook,
): OperationReference {
  const { params, query, body, answer } = operation
  const { components } = book
  const members = (schema: z.ZodType | undefined) =>
    schema === undefined ? [] : flattened(components[book.nameOf(schema)] ?? {}, components)
  const parameters = [params, query].flatMap((schema) =>
    schema === undefined
      ? []
      : membersOf(schema).map(({ schema: type, ...rest }) => line({ ...rest, depth: 0 }, type)),
  )
  const url = issuer + api.base + operation.path
  return {
    operation,
    api,
    url,
    parameters,
    body: members(body),
    answer: members(answer.schema),
    problems: problemsOf(operation),
    example: curl(operation, url, body === undefined ? undefined : components[book.nameOf(body)]),
  }
}

type Components = SchemaBook['components']

function flattened(schema: JsonSchema, components: Components, depth = 0): Member[] {
  const { properties, required } = resolved(schema, components)
  return Object.entries(asObject(properties)).flatMap(([name, value]) => {
    const member = resolved(asObject(value), components)
    const isRequired = Array.isArray(required) && required.includes(name)
    const entry = resolved(inner(member), components)
    return [
      line({ name, depth, required: isRequired }, member),
      ...(entry['properties'] === undefined ? [] : flattened(entry, components, depth + 1)),
    ]
  })
}

function line(member: Pick<Member, 'name' | 'depth' | 'required'>, schema: JsonSchema): Member {
  const { description } = schema
  return {
    ...member,
    type: typeName(schema),
    description: typeof description === 'string' ? description : undefined,
  }
}

function typeName({ type, format, enum: values, anyOf }: JsonSchema): string {
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeName(asObject(one))).join(' | ')
  const types: unknown[] = Array.isArray(type) ? type : [type ?? 'object']
  return types
    .map((one) => (one === 'string' && typeof format === 'string' ? format : String(one)))
    .join(' | ')
}

/** The schema of what is inside: of a list its entries, of what may be null the rest. */
function inner(schema: JsonSchema): JsonSchema {
  const { anyOf, items } = schema
  if (items !== undefined) return asObject(items)
  if (!Array.isArray(anyOf)) return schema
  return asObject(anyOf.find((one) => asObject(one)['type'] !== 'null'))
}

function resolved(schema: JsonSchema, components: Components): JsonSchema {
  const { $ref, ...rest } = schema
  if (typeof $ref !== 'string') return schema
  return { ...components[$ref.slice($ref.lastIndexOf('/') + 1)], ...rest }
}

function asObject(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function curl({ method, body }: Operation, url: string, schema: JsonSchema | undefined): string {
  const examples = schema?.['examples']
  const example: unknown = Array.isArray(examples) ? examples[0] : {}
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${url}'`,
    `-H "Authorization: Bearer $TOKEN"`,
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example)}'`]),
  ]
  return lines.join(' \\\n  ')
}
