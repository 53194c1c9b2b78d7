/** Request parameters by name, in the order they came; from a query or a form, nothing interpreted yet. */
export type Parameters = ReadonlyMap<string, readonly string[]>

/** What a query or form parser made of the wire: text, or a list where a name came more than once. */
export function toParameters(source: unknown): Parameters {
  const parameters = new Map<string, string[]>()
  if (typeof source !== 'object' || source === null) return parameters
  for (const [name, value] of Object.entries(source)) {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    // RFC 6749 §3.1: a parameter without a value is treated as if it had been left out.
    const given = values.filter((item) => typeof item === 'string').filter((item) => item !== '')
    if (given.length > 0) parameters.set(name, given)
  }
  return parameters
}

/** The parameter's value; the first one, for callers that have refused repetition. */
export function single(parameters: Parameters, name: string): string | undefined {
  return parameters.get(name)?.[0]
}

/**
 * What is wrong with the parameters whatever they mean, or undefined.
 * RFC 6749 §3.1 and §3.2: none may come more than once; RFC 8707 §2 excepts `resource`.
 */
export function malformation(parameters: Parameters): string | undefined {
  for (const [name, values] of parameters) {
    if (values.length > 1 && name !== 'resource') return `${printable(name)} is repeated`
    // Neither may reach the database or a header: no text of a protocol parameter has a use for them.
    if (values.some((value) => value.includes('\0') || !value.isWellFormed()))
      return `${printable(name)} has characters that are not text`
  }
  return undefined
}

/** RFC 6749 §5.2: error_description is %x20-21 / %x23-5B / %x5D-7E. */
export function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}

/** More than any real request holds; requests travel on in a URL, where servers and proxies stop at 16 kB. */
const MAX_REQUEST_CHARACTERS = 8192

export function tooLarge(parameters: Parameters): boolean {
  let characters = 0
  for (const [name, values] of parameters)
    for (const value of values) characters += name.length + JSON.stringify(value).length
  return characters > MAX_REQUEST_CHARACTERS
}
