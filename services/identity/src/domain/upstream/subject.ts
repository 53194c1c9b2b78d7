const MAX_CHARACTERS = 255

/**
 * Whether a value can name somebody (OIDC Core 1.0 §2, sub): not empty, not endless, and text that the database keeps as
 * it is. Two that differ only in what is no text would become one person there.
 */
export function isSubject(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_CHARACTERS &&
    value.trim() !== '' &&
    value.isWellFormed() &&
    !/\p{Cc}/u.test(value)
  )
}
