import type { Words } from '../../src/http/words/words.ts'
import { type EmailCodeProps, emailCodeView } from '../../src/interaction/email-code/view.tsx'
import { type State, csrf, hostileApp, hostileText, long, notes } from './gallery-fixtures.ts'

/** Every state of the page that waits for the code of a sign-in. */
export function emailCodes(words: Words): readonly State[] {
  const state = (name: string, props: Partial<EmailCodeProps>): State => {
    const all = {
      words,
      action: '/email-code?proof=sealed',
      csrf,
      maskedEmail: 'a•••@example.test',
      resent: false,
      resendInSeconds: 0,
      otherHref: '/login',
      ...props,
    }
    const error = all.problem !== undefined
    return {
      name: `email-code${name}`,
      title: words.signInCode.title,
      app: all.app,
      error,
      body: emailCodeView(all),
    }
  }
  return [
    state('', { app: notes, resendInSeconds: 48 }),
    state('-no-app', {}),
    state('-resent', { app: notes, resent: true, resendInSeconds: 60 }),
    state('-wrong', { app: notes, problem: { kind: 'wrong' } }),
    state('-shape', { problem: { kind: 'shape' } }),
    state('-expired', { problem: { kind: 'expired' } }),
    state('-exhausted', { problem: { kind: 'exhausted' } }),
    state('-wait', { problem: { kind: 'too_soon', retryAfterSeconds: 3540 } }),
    state('-hostile', { app: hostileApp, maskedEmail: hostileText }),
    state('-long', { maskedEmail: long.email }),
  ]
}
