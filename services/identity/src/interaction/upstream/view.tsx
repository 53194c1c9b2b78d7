import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { CodeField } from '../../http/parts/code-field.tsx'
import { EmailField } from '../../http/parts/credential-fields.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { UpstreamProblem } from '../../http/words/sections/upstream.ts'
import type { Words } from '../../http/words/words.ts'

export interface ProblemProps {
  readonly words: Words
  readonly problem: UpstreamProblem
  readonly app?: AppIdentity | undefined
  /** The provider's name. */
  readonly provider: string
  /** Set where another try may end better. */
  readonly retryHref?: string | undefined
  /** Undefined for somebody who is signed in and only wanted to connect. */
  readonly signInHref: string | undefined
}

export function problemTitle({ words, problem, provider }: ProblemProps): string {
  return words.upstream.problems[problem].title(provider)
}

/** Why somebody who came from a provider gets no further, and the ways on. */
export function problemView(props: ProblemProps): VNode {
  const { words, app, problem, provider, retryHref, signInHref } = props
  // Who has changed their mind needs no alarm.
  const opening = problem === 'cancelled' ? { app } : { sign: <Alert /> }
  const lead = words.upstream.problems[problem].lead(provider)
  return (
    <>
      <AppHeader {...opening} title={problemTitle(props)} lead={lead} />
      <div class="actions">
        {retryHref !== undefined && (
          <ButtonLink href={retryHref}>{words.upstream.tryAgain}</ButtonLink>
        )}
        {signInHref !== undefined && (
          <ButtonLink href={signInHref} look={retryHref === undefined ? 'primary' : 'secondary'}>
            {words.upstream.otherWays}
          </ButtonLink>
        )}
      </div>
    </>
  )
}

interface StepProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  readonly action: string
  readonly csrf: string
  readonly problem?: string | undefined
  readonly signInHref: string
}

/** Asks for an address where the provider told none. */
export function addressView(
  props: StepProps & { readonly provider: string; readonly email: string },
): VNode {
  const { words, app, action, csrf, problem, provider, email, signInHref } = props
  const { title, lead } = words.upstream.address
  return (
    <>
      <AppHeader app={app} title={title} lead={lead(provider)} />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'email' }]} />
      )}
      <Form action={action} csrf={csrf}>
        <EmailField words={words} value={email} problem={problem} focused={problem === undefined} />
        <div class="actions">
          <Button>{words.actions.continue}</Button>
        </div>
      </Form>
      <OtherWays words={words} href={signInHref} />
    </>
  )
}

/** Asks for the code that only the mailbox has. */
export function codeView(
  props: StepProps & { readonly maskedEmail: string; readonly resent: boolean },
): VNode {
  const { words, app, action, csrf, problem, maskedEmail, resent, signInHref } = props
  const { title, lead, sent, resend } = words.upstream.code
  return (
    <>
      <AppHeader app={app} title={title} lead={lead(maskedEmail)} />
      {resent && problem === undefined && <Notice>{sent}</Notice>}
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'code' }]} />
      )}
      <Form action={action} csrf={csrf}>
        <CodeField
          label={words.verifyEmail.code}
          problem={problem}
          focused={problem === undefined}
        />
        <div class="actions">
          <Button>{words.actions.continue}</Button>
          <Button look="quiet" name="decision" value="resend" skipValidation>
            {resend}
          </Button>
        </div>
      </Form>
      <OtherWays words={words} href={signInHref} />
    </>
  )
}

function OtherWays({ words, href }: { readonly words: Words; readonly href: string }): VNode {
  return (
    <p class="instead">
      <a href={href}>{words.upstream.otherWays}</a>
    </p>
  )
}
