import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailField } from '../../http/parts/credential-fields.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import type { Words } from '../../http/words/words.ts'

export interface ForgotPasswordProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly email?: string | undefined
  readonly problem?: string | undefined
  /** What was done before this page, such as securing the account. */
  readonly notice?: string | undefined
  readonly signInHref: string
}

/** Asks for the address that a link for a new password goes to. */
export function forgotPasswordView(props: ForgotPasswordProps): VNode {
  const { words, app, problem } = props
  return (
    <>
      <AppHeader
        app={app}
        title={words.forgotPassword.title}
        lead={problem === undefined ? words.forgotPassword.lead : undefined}
      />
      {props.notice !== undefined && problem === undefined && <Notice>{props.notice}</Notice>}
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'email' }]} />
      )}
      <Form action={props.action} csrf={props.csrf}>
        <EmailField
          words={words}
          value={props.email}
          problem={problem}
          focused={problem === undefined}
        />
        <div class="actions">
          <Button>{words.forgotPassword.submit}</Button>
          <ButtonLink href={props.signInHref} look="quiet">
            {words.forgotPassword.back}
          </ButtonLink>
        </div>
      </Form>
      <AppLinks words={words} app={app} />
    </>
  )
}

/** Says the same whether the address has an account or not. */
export function linkSentView(props: {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  readonly email: string
  readonly signInHref: string
  readonly againHref: string
}): VNode {
  const { words, app, email } = props
  return (
    <>
      <AppHeader
        app={app}
        title={words.forgotPassword.sentTitle}
        lead={words.forgotPassword.sent(<EmailText email={email} />)}
      />
      <p class="hint">{words.verifyEmail.nothing}</p>
      <div class="actions">
        <ButtonLink href={props.signInHref} look="secondary">
          {words.forgotPassword.back}
        </ButtonLink>
        <ButtonLink href={props.againHref} look="quiet">
          {words.verifyEmail.change}
        </ButtonLink>
      </div>
      <AppLinks words={words} app={app} />
    </>
  )
}
