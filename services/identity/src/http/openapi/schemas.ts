import { z } from 'zod'
import type { Api } from '../api/operation.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

export interface SchemaBook {
  /** `components.schemas` of the document. */
  readonly components: Readonly<Record<string, JsonSchema>>
  /** The reference to a schema. Throws when its API does not name it. */
  refer(schema: z.ZodType): { readonly $ref: string }
  nameOf(schema: z.ZodType): string
}

const reference = (name: string) => `#/components/schemas/${name}`

/** A format says what its pattern says again, at length; and only text has one. */
function shorten({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined || jsonSchema.type !== 'string') delete jsonSchema.pattern
}

/** The named schemas of APIs as JSON Schema, made of the very ones that requests are checked by. */
export function schemaBook(apis: readonly Pick<Api, 'schemas'>[]): SchemaBook {
  const registry = z.registry<{ id: string }>()
  for (const { schemas } of apis)
    for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: reference,
    override: shorten,
  })
  const components = Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [
      name,
      schema,
    ]),
  )
  const nameOf = (schema: z.ZodType) => {
    const name = registry.get(schema)?.id
    if (name === undefined) throw new Error('a schema of an operation has no name in its API')
    return name
  }
  return { components, nameOf, refer: (schema) => ({ $ref: reference(nameOf(schema)) }) }
}

/** The members of an object schema that stands for query or path parameters. */
export function membersOf(
  schema: z.ZodType,
): readonly { name: string; required: boolean; schema: JsonSchema }[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    override: shorten,
  })
  return Object.entries(properties).map(([name, member]) => ({
    name,
    required: required.includes(name),
    schema: typeof member === 'object' ? { ...member } : {},
  }))
}
