import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button } from '../../http/parts/button.tsx'
import { PasswordField } from '../../http/parts/credential-fields.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { MailedCodeForm, type MailedCodeProps } from '../../http/parts/mailed-code-form.tsx'
import type { Words } from '../../http/words/words.ts'

export interface VerifyEmailProps extends MailedCodeProps {
  readonly app?: AppIdentity | undefined
  readonly maskedEmail: string
  readonly changeHref: string
}

/** The page that waits for the code of the mail. */
export function verifyEmailView(props: VerifyEmailProps): VNode {
  const { words, app } = props
  const said = words.verifyEmail
  return (
    <>
      <AppHeader
        app={app}
        title={said.title}
        lead={said.lead(<bdi dir="ltr">{props.maskedEmail}</bdi>)}
      />
      <MailedCodeForm {...props} />
      <p class="instead">
        <span>{said.nothing}</span> <a href={props.changeHref}>{said.change}</a>
      </p>
      <AppLinks words={words} app={app} />
    </>
  )
}

export interface ConfirmLinkProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly email: string
  /** In another browser than the one that asked for the account. */
  readonly asksPassword?: boolean | undefined
  readonly wrong?: boolean | undefined
}

/** The page behind the link of the mail: only its button does something, as mail scanners open links. */
export function confirmLinkView(props: ConfirmLinkProps): VNode {
  const { words, action, csrf, email, asksPassword, wrong } = props
  const said = words.verifyEmail
  const problem = wrong === true ? words.login.wrong : undefined
  return (
    <>
      <AppHeader title={said.linkTitle} lead={said.linkLead(<EmailText email={email} />)} />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'password' }]} />
      )}
      <Form action={action} csrf={csrf}>
        {asksPassword === true && (
          <PasswordField words={words} problem={problem} hint={said.linkPassword} />
        )}
        <p class="hint">{said.linkWarning}</p>
        <div class="actions">
          <Button>{said.linkSubmit}</Button>
        </div>
      </Form>
    </>
  )
}
