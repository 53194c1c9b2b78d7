/** A mailbox in the one form that is stored and compared; the brand keeps raw input out of queries. */
export type EmailAddress = string & { readonly __brand: 'EmailAddress' }

// Deliberately stricter than RFC 5321: no quoting, no comments, no address literals. What mail systems
// parse differently is where one address becomes two recipients.
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u

/** The canonical address (NFKC, lower case, trimmed), or undefined when the text is not a plain mailbox. */
export function parseEmail(input: string): EmailAddress | undefined {
  // Bounded before normalising: RFC 5321 §4.5.3.1.3 allows a path of 254 characters.
  if (input.length > 320) return undefined
  const text = input.trim().normalize('NFKC').toLowerCase()
  const at = text.lastIndexOf('@')
  if (at < 1 || text.length > 254) return undefined
  const local = text.slice(0, at)
  const labels = text.slice(at + 1).split('.')
  if (local.length > 64 || !LOCAL.test(local)) return undefined
  if (labels.length < 2 || !labels.every((label) => label.length <= 63 && LABEL.test(label)))
    return undefined
  return text as EmailAddress
}
