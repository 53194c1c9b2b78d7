import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button } from '../../http/parts/button.tsx'
import { CodeField } from '../../http/parts/code-field.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { PasswordField } from '../../http/parts/credential-fields.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import type { Words } from '../../http/words/words.ts'

export type CodeProblem =
  | { readonly kind: 'shape' | 'wrong' | 'expired' | 'exhausted' }
  | { readonly kind: 'too_soon'; readonly retryAfterSeconds: number }

export interface VerifyEmailProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly maskedEmail: string
  /** Another mail was asked for just now. */
  readonly resent: boolean
  readonly resendInSeconds: number
  readonly changeHref: string
  readonly problem?: CodeProblem | undefined
}

/** The page that waits for the code of the mail. */
export function verifyEmailView(props: VerifyEmailProps): VNode {
  const { words, app, problem, resendInSeconds } = props
  const said = words.verifyEmail
  const isCodeProblem = problem !== undefined && problem.kind !== 'too_soon'
  const text = problem === undefined ? undefined : explain(words, problem)
  return (
    <>
      <AppHeader
        app={app}
        title={said.title}
        lead={said.lead(<bdi dir="ltr">{props.maskedEmail}</bdi>)}
      />
      {text !== undefined && (
        <ErrorSummary
          words={words}
          problems={[{ text, field: isCodeProblem ? 'code' : undefined }]}
        />
      )}
      {props.resent && <Notice>{said.resent}</Notice>}
      <Form action={props.action} csrf={props.csrf}>
        <CodeField
          label={said.code}
          hint={said.codeHint}
          problem={isCodeProblem ? text : undefined}
          focused={problem === undefined}
        />
        <div class="actions">
          <Button>{said.submit}</Button>
          <Button look="quiet" name="decision" value="resend" skipValidation>
            {said.resend}
          </Button>
          {resendInSeconds > 0 && (
            <Countdown
              words={words}
              seconds={resendInSeconds}
              said={{ counting: said.resendIn, over: said.resendNow }}
            />
          )}
        </div>
      </Form>
      <p class="instead">
        <span>{said.nothing}</span> <a href={props.changeHref}>{said.change}</a>
      </p>
      <AppLinks words={words} app={app} />
    </>
  )
}

function explain(words: Words, problem: CodeProblem): string {
  return problem.kind === 'too_soon'
    ? words.wait.throttled(problem.retryAfterSeconds)
    : words.verifyEmail.problems[problem.kind]
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
