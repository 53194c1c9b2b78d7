import type { Problem } from '../../http/parts/error-summary.tsx'
import type { Words } from '../../http/words/words.ts'

export type LoginField = 'email' | 'password'

/** Why the sign-in page comes again. */
export type LoginProblem =
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'missing'; readonly fields: readonly LoginField[] }
  /** What was typed is no address at all. */
  | { readonly kind: 'invalid' }

/** The problem in words, for the summary. */
export function summaryOf(words: Words, problem: LoginProblem): readonly Problem[] {
  switch (problem.kind) {
    // One answer for an unknown address and a wrong password, so that neither can be told apart.
    case 'wrong':
      return [{ text: words.login.wrong, field: 'password' }]
    case 'throttled':
      return [{ text: words.wait.throttled(problem.retryAfterSeconds) }]
    case 'busy':
      return [{ text: words.wait.busy(problem.retryAfterSeconds) }]
    case 'missing':
      return problem.fields.map((field) => ({ text: words.login.missing[field], field }))
    case 'invalid':
      return [{ text: words.setup.problems.emailInvalid, field: 'email' }]
  }
}

/** The problem in words, for one field. */
export function problemAt(
  words: Words,
  field: LoginField,
  problem: LoginProblem | undefined,
): string | undefined {
  if (problem?.kind === 'missing' && problem.fields.includes(field))
    return words.login.missing[field]
  if (problem?.kind === 'invalid' && field === 'email') return words.setup.problems.emailInvalid
  return undefined
}
