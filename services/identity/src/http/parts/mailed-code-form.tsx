import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'
import { Button } from './button.tsx'
import { CodeField } from './code-field.tsx'
import { Countdown } from './countdown.tsx'
import { ErrorSummary } from './error-summary.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'

/** Why the page of a mailed code comes again. */
export type MailedCodeProblem =
  | { readonly kind: 'shape' | 'wrong' | 'expired' | 'exhausted' }
  /** Another mail cannot be sent yet. */
  | { readonly kind: 'too_soon'; readonly retryAfterSeconds: number }

export interface MailedCodeProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  /** Another mail was asked for just now. */
  readonly resent: boolean
  readonly resendInSeconds: number
  readonly problem?: MailedCodeProblem | undefined
}

/** The form that takes the code of a mail, or sends another mail. */
export function MailedCodeForm(props: MailedCodeProps): VNode {
  const { words, problem, resendInSeconds } = props
  const said = words.verifyEmail
  const isCodeProblem = problem !== undefined && problem.kind !== 'too_soon'
  const text = problem === undefined ? undefined : explain(words, problem)
  return (
    <>
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
    </>
  )
}

function explain(words: Words, problem: MailedCodeProblem): string {
  return problem.kind === 'too_soon'
    ? words.wait.throttled(problem.retryAfterSeconds)
    : words.verifyEmail.problems[problem.kind]
}
