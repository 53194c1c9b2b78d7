import type { Words } from './words.ts'

/** What the words call the service where the operator gave it no name of its own. */
export const OWN_NAME = 'Signet'

/** The words of a language, with another name of the service wherever they name it. */
export function named(words: Words, name: string): Words {
  return renamed(words, name) as Words
}

function renamed(said: unknown, name: string): unknown {
  if (typeof said === 'string') return said.replaceAll(OWN_NAME, () => name)
  if (Array.isArray(said)) return said.map((part) => renamed(part, name))
  if (typeof said === 'function')
    return (...given: unknown[]) =>
      renamedAround(Reflect.apply(said, undefined, given), given, name)
  if (typeof said !== 'object' || said === null) return said
  return Object.fromEntries(Object.entries(said).map(([key, part]) => [key, renamed(part, name)]))
}

/** What a sentence was given is somebody else's text, and stays: an application may be called Signet Notes. */
function renamedAround(said: unknown, given: readonly unknown[], name: string): unknown {
  if (Array.isArray(said))
    return said.map((part: unknown) => (given.includes(part) ? part : renamed(part, name)))
  if (typeof said !== 'string') return said
  const kept = given.find((text) => typeof text === 'string' && text.includes(OWN_NAME))
  if (typeof kept !== 'string') return renamed(said, name)
  return said
    .split(kept)
    .map((part) => renamed(part, name))
    .join(kept)
}
