import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { NewPasswordField } from '../../http/parts/new-password-field.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

export interface ResetPasswordProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly email: string
  /** Fewest characters of a password. */
  readonly passwordMinimum: number
  readonly problem?: string | undefined
}

/** The form behind the link of the mail: one new password. */
export function resetPasswordView(props: ResetPasswordProps): VNode {
  const { words, email, problem } = props
  return (
    <>
      <AppHeader
        title={words.resetPassword.title}
        lead={words.resetPassword.lead(<EmailText email={email} />)}
      />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'password' }]} />
      )}
      <Form action={props.action} csrf={props.csrf}>
        {/* For password managers, which keep no password without a name. */}
        <input type="email" autocomplete="username" value={email} readonly hidden />
        <NewPasswordField
          words={words}
          minimum={props.passwordMinimum}
          problem={problem}
          focused={problem === undefined}
        />
        <div class="actions">
          <Button>{words.resetPassword.submit}</Button>
        </div>
      </Form>
    </>
  )
}

/** Says that a link is used up or too old, and offers another. */
export function staleLinkView(props: { readonly words: Words; readonly againHref: string }): VNode {
  const { words, againHref } = props
  return (
    <>
      <AppHeader
        sign={<Alert />}
        title={words.resetPassword.staleTitle}
        lead={words.resetPassword.stale}
      />
      <div class="actions">
        <ButtonLink href={againHref}>{words.resetPassword.again}</ButtonLink>
      </div>
    </>
  )
}
