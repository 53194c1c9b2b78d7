import { dictionary } from '@zxcvbn-ts/language-common'

const common: ReadonlySet<string> = new Set(dictionary['passwords-common'])

/** A core this short says nothing of what stands around it. */
const SHORTEST_CORE = 4

/**
 * Whether a text is a password that many people have (NIST SP 800-63B-4 §3.1.1.2), with or without digits and marks
 * before and after it. Give it in lower case.
 */
export function isCommon(text: string): boolean {
  const withoutEnd = text.replace(/[^\p{L}]+$/u, '')
  const withoutBoth = withoutEnd.replace(/^[^\p{L}]+/u, '')
  return (
    common.has(text) ||
    [withoutEnd, withoutBoth].some((core) => core.length >= SHORTEST_CORE && common.has(core))
  )
}
