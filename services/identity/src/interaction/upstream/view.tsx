import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
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
  /** The provider's name. */
  readonly provider: string
  /** Set where another try may end better. */
  readonly retryHref?: string | undefined
  readonly signInHref: string
}

export function problemTitle({ words, problem, provider }: ProblemProps): string {
  return words.upstream.problems[problem].title(provider)
}

/** Why somebody who came from a provider gets no further, and the ways on. */
export function problemView(props: ProblemProps): VNode {
  const { words, problem, provider, retryHref, signInHref } = props
  const lead = words.upstream.problems[problem].lead(provider)
  return (
    <>
      <AppHeader sign={<Alert />} title={problemTitle(props)} lead={lead} />
      <div class="actions">
        {retryHref !== undefined && (
          <ButtonLink href={retryHref}>{words.upstream.tryAgain}</ButtonLink>
        )}
        <ButtonLink href={signInHref} look={retryHref === undefined ? 'primary' : 'secondary'}>
          {words.upstream.otherWays}
        </ButtonLink>
      </div>
    </>
  )
}

interface StepProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly problem?: string | undefined
  readonly signInHref: string
}

/** Asks for an address where the provider told none. */
export function addressView(
  props: StepProps & { readonly provider: string; readonly email: string },
): VNode {
  const { words, action, csrf, problem, provider, email, signInHref } = props
  const { title, lead } = words.upstream.address
  return (
    <>
      <AppHeader title={title} lead={lead(provider)} />
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
  const { words, action, csrf, problem, maskedEmail, resent, signInHref } = props
  const { title, lead, sent, resend } = words.upstream.code
  return (
    <>
      <AppHeader title={title} lead={lead(maskedEmail)} />
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
