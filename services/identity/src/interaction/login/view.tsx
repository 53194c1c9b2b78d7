import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button } from '../../http/parts/button.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { EmailField, PasswordField } from '../../http/parts/credential-fields.tsx'
import { ErrorSummary, type Problem } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { type Words, plain } from '../../http/words/words.ts'

export type LoginProblem =
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'missing'; readonly fields: readonly ('email' | 'password')[] }

export interface LoginProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly email?: string | undefined
  readonly problem?: LoginProblem | undefined
  readonly switchingFrom?: { readonly email: string } | undefined
  readonly reauthenticate?: boolean | undefined
  readonly cancelAction?: boolean | undefined
  /** What was done before this page, such as making the account. */
  readonly notice?: string | undefined
  readonly forgotHref?: string | undefined
  /** Set where people may register. */
  readonly registerHref?: string | undefined
}

/** The title of the sign-in page. */
export function loginTitle(props: Pick<LoginProps, 'words' | 'app' | 'reauthenticate'>): string {
  const { words, app, reauthenticate } = props
  if (reauthenticate === true) return words.login.reauthenticateTitle
  return app === undefined ? words.login.title : plain(words.login.titleFor(app.name))
}

/** The sign-in page: address and password. */
export function loginView(props: LoginProps): VNode {
  const { words, app, email, problem } = props
  const problems = problem === undefined ? [] : explain(words, problem)
  const missing = problem?.kind === 'missing' ? problem.fields : []
  const faultId = problem?.kind === 'wrong' ? 'summary' : undefined
  const quiet = problem === undefined
  return (
    <>
      <AppHeader app={app} title={heading(props)} lead={lead(props)} />
      {props.notice !== undefined && quiet && <Notice>{props.notice}</Notice>}
      {problems.length > 0 && <ErrorSummary words={words} problems={problems} />}
      <Form action={props.action} csrf={props.csrf}>
        <EmailField
          words={words}
          value={email}
          problem={missing.includes('email') ? words.login.missing.email : undefined}
          faultId={faultId}
          focused={quiet && email === undefined}
        />
        <PasswordField
          words={words}
          problem={missing.includes('password') ? words.login.missing.password : undefined}
          faultId={faultId}
          focused={quiet && email !== undefined}
        />
        <div class="actions">
          <Button>{words.login.submit}</Button>
          {problem !== undefined && 'retryAfterSeconds' in problem && (
            <Countdown words={words} seconds={problem.retryAfterSeconds} />
          )}
          {props.cancelAction === true && (
            <Button look="quiet" name="decision" value="deny" skipValidation>
              {app === undefined ? words.login.cancel : words.login.cancelTo(<bdi>{app.name}</bdi>)}
            </Button>
          )}
        </div>
      </Form>
      <OtherWays {...props} />
      <AppLinks words={words} app={app} />
    </>
  )
}

function OtherWays({ words, forgotHref, registerHref }: LoginProps): VNode | null {
  if (forgotHref === undefined && registerHref === undefined) return null
  return (
    <p class="instead">
      {forgotHref !== undefined && <a href={forgotHref}>{words.forgotPassword.link}</a>}
      {forgotHref !== undefined && registerHref !== undefined && <br />}
      {registerHref !== undefined && <a href={registerHref}>{words.register.link}</a>}
    </p>
  )
}

function heading({ words, app, reauthenticate }: LoginProps) {
  if (reauthenticate === true) return words.login.reauthenticateTitle
  return app === undefined ? words.login.title : words.login.titleFor(<bdi>{app.name}</bdi>)
}

function lead({ words, app, reauthenticate, switchingFrom }: LoginProps) {
  if (switchingFrom !== undefined) {
    return words.login.switchingFrom(<bdi>{switchingFrom.email}</bdi>)
  }
  if (reauthenticate !== true) return undefined
  return app === undefined
    ? words.login.reauthenticate
    : words.login.reauthenticateFor(<bdi>{app.name}</bdi>)
}

function explain(words: Words, problem: LoginProblem): readonly Problem[] {
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
  }
}
