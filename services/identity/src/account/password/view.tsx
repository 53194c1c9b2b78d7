import type { VNode } from 'preact'
import { Button } from '../../http/parts/button.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { PasswordField } from '../../http/parts/credential-fields.tsx'
import { ErrorSummary, type Problem } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { NewPasswordField } from '../../http/parts/new-password-field.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { forgotPasswordPath, paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

/** Texts by field; `form` is for what belongs to none. */
export interface PasswordProblems {
  readonly current?: string | undefined
  readonly fresh?: string | undefined
  readonly form?: string | undefined
}

export interface PasswordProps {
  readonly words: Words
  readonly csrf: string
  /** For password managers, which keep no password without a name. */
  readonly email: string
  /** False for a person who signs in by other means only so far. */
  readonly hasPassword: boolean
  readonly minimum: number
  readonly endOthers: boolean
  readonly problems: PasswordProblems
  /** Set while no more tries are taken. */
  readonly retryAfterSeconds?: number | undefined
  readonly notice?: string | undefined
}

/** The form for another password, or for the first one. */
export function passwordView(props: PasswordProps): VNode {
  const { words, csrf, email, hasPassword, minimum, endOthers, problems, notice } = props
  const said = words.change.password
  const { current, fresh, form } = problems
  const list: readonly Problem[] = [
    ...(form === undefined ? [] : [{ text: form }]),
    ...(current === undefined ? [] : [{ text: current, field: 'current_password' }]),
    ...(fresh === undefined ? [] : [{ text: fresh, field: 'password' }]),
  ]
  return (
    <>
      <RoomHeader
        title={hasPassword ? said.title : said.firstTitle}
        lead={hasPassword ? said.lead : said.firstLead}
      />
      {list.length > 0 && <ErrorSummary words={words} problems={list} />}
      {notice !== undefined && list.length === 0 && <Notice>{notice}</Notice>}
      <section class="panel">
        <Form action={paths.password} csrf={csrf}>
          <input type="email" autocomplete="username" value={email} readonly hidden />
          {hasPassword && (
            <PasswordField
              words={words}
              name="current_password"
              label={said.current}
              problem={current}
            />
          )}
          <NewPasswordField words={words} label={said.fresh} minimum={minimum} problem={fresh} />
          <div class="tick-box">
            <input
              type="checkbox"
              id="end_others"
              name="end_others"
              value="yes"
              checked={endOthers}
              aria-describedby="end_others-hint"
            />
            <label for="end_others">{said.endOthers}</label>
            <p class="hint" id="end_others-hint">
              {said.endOthersHint}
            </p>
          </div>
          <div class="actions">
            <Button>{hasPassword ? said.submit : said.firstSubmit}</Button>
            {props.retryAfterSeconds !== undefined && (
              <Countdown words={words} seconds={props.retryAfterSeconds} />
            )}
          </div>
        </Form>
        {hasPassword && (
          <p class="instead">
            <a href={forgotPasswordPath(undefined)}>{words.forgotPassword.link}</a>
          </p>
        )}
      </section>
    </>
  )
}
