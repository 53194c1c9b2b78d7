export type StrictJson =
  | { readonly kind: 'valid'; readonly value: unknown }
  | { readonly kind: 'faulty'; readonly reason: string }

/** Deeper than any body of ours; what nests without end is not looked at further. */
const MAX_DEPTH = 16
// Unrolled: an alternative inside the star would keep a step to go back to for each character.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g

/**
 * Reads JSON of one meaning only (RFC 7493, I-JSON): UTF-8, no member twice, no text that is none. Programs differ in
 * what they make of the rest, and between two of them is where a check is passed by.
 */
export function parseStrictJson(bytes: Uint8Array): StrictJson {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { kind: 'faulty', reason: 'is not UTF-8' }
  }
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'faulty', reason: 'is not JSON' }
  }
  const reason = ambiguity(text)
  return reason === undefined ? { kind: 'valid', value } : { kind: 'faulty', reason }
}

/** What is ambiguous in a text that is known to be JSON. */
function ambiguity(text: string): string | undefined {
  // For each open bracket the names met in it; an array has none.
  const open: (Set<string> | undefined)[] = []
  let before = ''
  for (const [token] of text.matchAll(TOKEN)) {
    const names = open.at(-1)
    if (token === '{' || token === '[') {
      if (open.length === MAX_DEPTH) return 'is nested too deeply'
      open.push(token === '{' ? new Set() : undefined)
    } else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"')) {
      const content = String(JSON.parse(token))
      // RFC 7493 §2.1; and PostgreSQL holds no NUL.
      if (!content.isWellFormed() || content.includes('\0'))
        return 'holds characters that are not text'
      // RFC 7493 §2.3
      const isName = before === '{' || before === ','
      if (isName && names?.has(content) === true) return 'has a member twice'
      if (isName) names?.add(content)
    }
    before = token
  }
  return undefined
}
