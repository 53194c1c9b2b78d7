import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { CodeField } from '../../http/parts/code-field.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { TrustBox } from '../../http/parts/trust-box.tsx'
import type { Words } from '../../http/words/words.ts'

/** Why the page comes again. */
export type CodeProblem =
  { readonly kind: 'wrong' } | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export interface CodePageProps {
  readonly words: Words
  readonly asks: 'authenticator' | 'recovery-code'
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  /** Whose code it is. */
  readonly email: string
  /** In a session that goes on, which is to be worth more. */
  readonly isStepUp: boolean
  /** How long this browser would be trusted; undefined where it cannot be. */
  readonly trustDays?: number | undefined
  readonly trusts?: boolean | undefined
  readonly otherHref: string
  /** Where a person who will not goes back to, without an application. */
  readonly cancelHref?: string | undefined
  readonly problem?: CodeProblem | undefined
}

/** The title of the page for one kind of code. */
export function codeTitle({ words, asks }: Pick<CodePageProps, 'words' | 'asks'>): string {
  return asks === 'authenticator' ? words.mfa.title : words.mfa.recovery.title
}

/** The page that asks for one code: of an authenticator app, or of those for the day it is lost. */
export function codeView(props: CodePageProps): VNode {
  const { words, app, email, problem, trustDays } = props
  const wrong = problem?.kind === 'wrong' ? wrongText(props) : undefined
  const text =
    problem?.kind === 'throttled' ? words.wait.throttled(problem.retryAfterSeconds) : wrong
  return (
    <>
      <AppHeader app={app} title={codeTitle(props)} lead={lead(props)} />
      {text !== undefined && (
        <ErrorSummary
          words={words}
          problems={[{ text, field: wrong === undefined ? undefined : 'code' }]}
        />
      )}
      <Form action={props.action} csrf={props.csrf}>
        {/* So that nobody types the code of another account. */}
        <p class="current">
          <span>
            <bdi dir="ltr">{email}</bdi>
          </span>
        </p>
        <TypedCode {...props} wrong={wrong} />
        {trustDays !== undefined && (
          <TrustBox words={words} trusts={props.trusts} days={trustDays} />
        )}
        <div class="actions">
          <Button>{words.mfa.submit}</Button>
          {problem?.kind === 'throttled' && (
            <Countdown words={words} seconds={problem.retryAfterSeconds} />
          )}
          <Cancel {...props} />
        </div>
      </Form>
      <p class="instead">
        <a href={props.otherHref} id="other">
          {words.mfa.other}
        </a>
      </p>
      <AppLinks words={words} app={app} />
    </>
  )
}

function lead({ words, asks, isStepUp }: CodePageProps): string {
  if (asks === 'recovery-code') return words.mfa.recovery.lead
  return isStepUp ? words.mfa.leadAgain : words.mfa.lead
}

function wrongText({ words, asks }: CodePageProps): string {
  return asks === 'authenticator' ? words.mfa.wrong : words.mfa.recovery.wrong
}

function TypedCode(props: CodePageProps & { readonly wrong: string | undefined }): VNode {
  const { words, asks, problem, wrong } = props
  const focused = problem === undefined
  const { mfa } = words
  if (asks === 'authenticator')
    return <CodeField label={mfa.code} hint={mfa.codeHint} problem={wrong} focused={focused} />
  return (
    <Field
      name="code"
      label={mfa.recovery.code}
      hint={mfa.recovery.codeHint}
      problem={wrong}
      input={{
        type: 'text',
        autocomplete: 'off',
        autocapitalize: 'characters',
        spellcheck: false,
        required: true,
        dir: 'ltr',
        ...(focused && { autofocus: true }),
      }}
    />
  )
}

function Cancel({ words, app, cancelHref }: CodePageProps): VNode {
  if (cancelHref !== undefined)
    return (
      <ButtonLink look="quiet" href={cancelHref}>
        {words.login.cancel}
      </ButtonLink>
    )
  return (
    <Button look="quiet" name="decision" value="deny" skipValidation>
      {app === undefined ? words.login.cancel : words.login.cancelTo(<bdi>{app.name}</bdi>)}
    </Button>
  )
}
