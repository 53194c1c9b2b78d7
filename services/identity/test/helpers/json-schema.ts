import { isRecord } from './wire.ts'

/**
 * What of a value does not fit its JSON Schema, as far as our own descriptions go. Stricter than the norm: a member
 * that the schema does not name is a fault, so that an answer holds nothing undocumented.
 */
export function schemaFaults(
  value: unknown,
  schema: unknown,
  components: Readonly<Record<string, unknown>>,
  at = '#',
): string[] {
  if (!isRecord(schema)) return [`${at}: no schema`]
  const { $ref, anyOf, enum: allowed, items, properties, required, additionalProperties } = schema
  const deeper = (inner: unknown, of: unknown, name: string) =>
    schemaFaults(inner, of, components, `${at}/${name}`)
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/components/schemas/', '')
    return schemaFaults(value, components[name], components, at)
  }
  if (Array.isArray(anyOf)) {
    const tries = anyOf.map((one) => schemaFaults(value, one, components, at))
    return tries.some((faults) => faults.length === 0) ? [] : (tries[0] ?? [])
  }
  const types = [schema['type'] ?? []].flat()
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return [`${at}: ${JSON.stringify(value)} is not ${types.join(' or ')}`]
  if (Array.isArray(allowed) && !allowed.includes(value)) return [`${at}: not in the list`]
  if (Array.isArray(value)) return value.flatMap((one, index) => deeper(one, items, String(index)))
  if (!isRecord(value)) return formatFaults(value, schema['format'], at)
  const known = isRecord(properties) ? properties : {}
  const missing = (Array.isArray(required) ? required : [])
    .filter((name) => !Object.hasOwn(value, String(name)))
    .map((name) => `${at}: ${String(name)} is missing`)
  const rest = Object.entries(value).flatMap(([name, inner]) => {
    if (Object.hasOwn(known, name)) return deeper(inner, known[name], name)
    return isRecord(additionalProperties) ? [] : [`${at}: ${name} is not described`]
  })
  return [...missing, ...rest]
}

function isOf(type: unknown, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isRecord(value)
  if (type === 'integer') return Number.isSafeInteger(value)
  return typeof value === type
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
  uri: /^https?:\/\/\S+$/,
}

function formatFaults(value: unknown, format: unknown, at: string): string[] {
  if (typeof format !== 'string' || value === null) return []
  const pattern = FORMATS[format]
  if (pattern === undefined) return [`${at}: unknown format ${format}`]
  return pattern.test(String(value)) ? [] : [`${at}: ${String(value)} is no ${format}`]
}
