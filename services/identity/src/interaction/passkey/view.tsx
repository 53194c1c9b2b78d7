import type { ComponentChildren, VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { Countdown } from '../../http/parts/countdown.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { PasskeyButton, type PasskeyPrompt } from '../../http/parts/passkey-button.tsx'
import type { Words } from '../../http/words/words.ts'

/** Why a page that asks for a passkey comes again. */
export type PasskeyProblem =
  | { readonly kind: 'wrong' }
  /** It could not be added. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export interface PasskeyPageProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly prompt: PasskeyPrompt
  readonly title: string
  readonly lead: string
  /** More on what is asked for. */
  readonly why?: string | undefined
  readonly submit: string
  readonly problem?: PasskeyProblem | undefined
  /** What else can be filled in. */
  readonly before?: ComponentChildren
  /** What else can be pressed in the form. */
  readonly beside?: ComponentChildren
  readonly other?: { readonly label: string; readonly href: string } | undefined
}

/** A page that asks for a passkey, and the way round it. */
export function passkeyView(props: PasskeyPageProps): VNode {
  const { words, app, prompt, title, lead, why, submit, problem, before, beside, other } = props
  return (
    <>
      <AppHeader app={app} title={title} lead={lead} />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: textOf(words, problem) }]} />
      )}
      <Form action={props.action} csrf={props.csrf}>
        {why !== undefined && <p>{why}</p>}
        {before}
        <div class="actions">
          <PasskeyButton words={words} prompt={prompt} alone>
            {submit}
          </PasskeyButton>
          {problem?.kind === 'throttled' && (
            <Countdown words={words} seconds={problem.retryAfterSeconds} />
          )}
          {beside}
        </div>
      </Form>
      {other !== undefined && (
        <p class="instead">
          <a href={other.href}>{other.label}</a>
        </p>
      )}
    </>
  )
}

function textOf({ passkeys, wait }: Words, problem: PasskeyProblem): string {
  switch (problem.kind) {
    case 'wrong':
      return passkeys.wrong
    case 'failed':
      return passkeys.make.failed
    case 'throttled':
      return wait.throttled(problem.retryAfterSeconds)
  }
}
