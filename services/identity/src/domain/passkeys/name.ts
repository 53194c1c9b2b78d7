const MAX_CHARACTERS = 60

/** What a person calls a passkey, in one line; undefined when nothing is left of it. */
export function parsePasskeyName(input: string): string | undefined {
  if (input.length > 10 * MAX_CHARACTERS) return undefined
  const name = input
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const isTooLong = Array.from(name).length > MAX_CHARACTERS
  return name === '' || isTooLong || !name.isWellFormed() ? undefined : name
}
