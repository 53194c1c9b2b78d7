import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button } from '../../http/parts/button.tsx'
import { CodeField } from '../../http/parts/code-field.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import type { Words } from '../../http/words/words.ts'

export type CodeProblem =
  | { readonly kind: 'shape' | 'wrong' | 'expired' | 'exhausted' }
  | { readonly kind: 'wait'; readonly retryAfterSeconds: number }

export interface EmailCodeProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly maskedEmail: string
  /** Another mail was asked for just now. */
  readonly resent: boolean
  readonly resendInSeconds: number
  /** Where to begin again, as somebody else. */
  readonly otherHref: string
  readonly problem?: CodeProblem | undefined
}

/** The page that waits for the code which was mailed after the password. */
export function emailCodeView(props: EmailCodeProps): VNode {
  const { words, app, problem, resendInSeconds } = props
  const { signInCode: said, verifyEmail: mailed } = words
  const isCodeProblem = problem !== undefined && problem.kind !== 'wait'
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
      {props.resent && <Notice>{mailed.resent}</Notice>}
      <Form action={props.action} csrf={props.csrf}>
        <CodeField
          label={mailed.code}
          hint={mailed.codeHint}
          problem={isCodeProblem ? text : undefined}
          focused={problem === undefined}
        />
        <div class="actions">
          <Button>{mailed.submit}</Button>
          <Button look="quiet" name="decision" value="resend" skipValidation>
            {mailed.resend}
          </Button>
          {resendInSeconds > 0 && (
            <Countdown
              words={words}
              seconds={resendInSeconds}
              said={{ counting: mailed.resendIn, over: mailed.resendNow }}
            />
          )}
        </div>
      </Form>
      <p class="instead">
        <span>{mailed.nothing}</span> <a href={props.otherHref}>{said.other}</a>
      </p>
      <AppLinks words={words} app={app} />
    </>
  )
}

function explain(words: Words, problem: CodeProblem): string {
  return problem.kind === 'wait'
    ? words.wait.throttled(problem.retryAfterSeconds)
    : words.verifyEmail.problems[problem.kind]
}
