const UNIQUE_VIOLATION = '23505'

/** The SQLSTATE of an error from either driver, which drizzle wraps as `cause`. */
export function sqlState(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  }
  return undefined
}

/** Whether a unique or primary key stopped the statement; with a name, that constraint only. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === UNIQUE_VIOLATION && names(error, constraint)
}

function names(error: unknown, constraint: string | undefined): boolean {
  if (constraint === undefined) return true
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('constraint' in at && at.constraint === constraint) return true
  }
  return false
}
