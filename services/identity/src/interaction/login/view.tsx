import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { ProviderButtons, type ProviderOffer } from '../../http/parts/provider-button.tsx'
import { PasskeyButton, type PasskeyPrompt } from '../../http/parts/passkey-button.tsx'
import { plain } from '../../http/words/words.ts'
import { LoginFields, type LoginFieldsProps } from './fields.tsx'
import { summaryOf } from './problem.ts'

export interface LoginProps extends LoginFieldsProps {
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly switchingFrom?: { readonly email: string } | undefined
  readonly cancelAction?: boolean | undefined
  /** Where a person who will not sign in again goes back to, without an application. */
  readonly cancelHref?: string | undefined
  /** What was done before this page, such as making the account. */
  readonly notice?: string | undefined
  readonly forgotHref?: string | undefined
  /** What the browser is asked for, and where its answer goes. */
  readonly passkey?:
    | {
        readonly prompt: PasskeyPrompt
        readonly action: string
        readonly offerCookie?: string | undefined
      }
    | undefined
  /** Other services to sign in with. */
  readonly providers?: readonly ProviderOffer[] | undefined
  /** Set where people may register. */
  readonly registerHref?: string | undefined
}

/** The title of the sign-in page. */
export function loginTitle(props: Pick<LoginProps, 'words' | 'app' | 'reauthenticate'>): string {
  const { words, app, reauthenticate } = props
  if (reauthenticate === true) return words.login.reauthenticateTitle
  return app === undefined ? words.login.title : plain(words.login.titleFor(app.name))
}

/** The sign-in page: address and password, on one page or on two. */
export function loginView(props: LoginProps): VNode {
  const { words, app, asks, problem } = props
  const problems = problem === undefined ? [] : summaryOf(words, problem)
  return (
    <>
      <AppHeader app={app} title={heading(props)} lead={lead(props)} />
      {props.notice !== undefined && problem === undefined && <Notice>{props.notice}</Notice>}
      {problems.length > 0 && <ErrorSummary words={words} problems={problems} />}
      {problem?.kind === 'throttled' && <p class="hint">{words.signIn.unlock.sooner}</p>}
      <ProviderButtons words={words} providers={props.providers} />
      <Form action={props.action} csrf={props.csrf}>
        <LoginFields {...props} />
        <div class="actions">
          <Button>{asks === 'address' ? words.actions.continue : words.login.submit}</Button>
          {problem !== undefined && 'retryAfterSeconds' in problem && (
            <Countdown words={words} seconds={problem.retryAfterSeconds} />
          )}
          {props.passkey !== undefined && (
            <PasskeyButton
              {...props.passkey}
              words={words}
              look="secondary"
              autofill={asks !== 'password'}
            >
              {words.passkeys.signIn.submit}
            </PasskeyButton>
          )}
          {props.cancelAction === true && (
            <Button look="quiet" name="decision" value="deny" skipValidation>
              {app === undefined ? words.login.cancel : words.login.cancelTo(<bdi>{app.name}</bdi>)}
            </Button>
          )}
          {props.cancelHref !== undefined && (
            <ButtonLink look="quiet" href={props.cancelHref}>
              {words.login.cancel}
            </ButtonLink>
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
    return words.login.switchingFrom(<EmailText email={switchingFrom.email} />)
  }
  if (reauthenticate !== true) return undefined
  return app === undefined
    ? words.login.reauthenticate
    : words.login.reauthenticateFor(<bdi>{app.name}</bdi>)
}
