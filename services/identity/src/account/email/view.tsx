import type { VNode } from 'preact'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { CodeField } from '../../http/parts/code-field.tsx'
import { Card } from '../../http/parts/card.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { Row, Rows } from '../../http/parts/rows.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

interface EmailPageProps {
  readonly words: Words
  readonly csrf: string
}

export interface EmailProps extends EmailPageProps {
  readonly current: string
  readonly verified: boolean
  readonly notice?: string | undefined
  readonly problem?: string | undefined
}

export interface AskEmailProps extends EmailProps {
  /** What was typed, after a problem with it. */
  readonly typed?: string | undefined
}

/** The address in force, and the form for another one. */
export function askEmailView(props: AskEmailProps): VNode {
  const { words, csrf, problem, typed } = props
  const said = words.change.email
  return (
    <>
      <Opening {...props} field="email" />
      <Card id="new-address" title={said.newTitle} lead={said.newLead}>
        <Form action={paths.email} csrf={csrf}>
          <Field
            name="email"
            label={said.field}
            problem={problem}
            input={{
              type: 'email',
              // Not `username`: a password manager would offer the address that is to go.
              autocomplete: 'email',
              autocapitalize: 'none',
              spellcheck: false,
              required: true,
              dir: 'ltr',
              ...(typed !== undefined && { value: typed }),
            }}
          />
          <div class="actions">
            <Button>{said.submit}</Button>
          </div>
        </Form>
      </Card>
    </>
  )
}

export interface PendingEmailProps extends EmailProps {
  /** The address that waits for its proof. */
  readonly email: string
  /** The problem is with the code, and not with another mail. */
  readonly isCodeProblem: boolean
  readonly resendInSeconds: number
}

/** The address in force, and the form for the code that was mailed to another one. */
export function pendingEmailView(props: PendingEmailProps): VNode {
  const { words, csrf, problem, isCodeProblem, resendInSeconds } = props
  const said = words.change.email
  const { verifyEmail } = words
  return (
    <>
      <Opening {...props} field={isCodeProblem ? 'code' : undefined} />
      <Card
        id="new-address"
        title={said.pendingTitle}
        lead={said.pendingLead(<EmailText email={props.email} />)}
      >
        <Form action={paths.confirmEmail} csrf={csrf}>
          <CodeField
            label={verifyEmail.code}
            hint={verifyEmail.codeHint}
            problem={isCodeProblem ? problem : undefined}
            focused={problem === undefined}
          />
          <div class="actions">
            <Button>{said.confirm}</Button>
            {resendInSeconds > 0 && (
              <Countdown
                words={words}
                seconds={resendInSeconds}
                said={{ counting: verifyEmail.resendIn, over: verifyEmail.resendNow }}
              />
            )}
          </div>
          <div class="beside">
            <Button look="quiet" name="decision" value="resend" skipValidation>
              {verifyEmail.resend}
            </Button>
            <Button look="quiet" name="decision" value="cancel" skipValidation>
              {said.cancel}
            </Button>
          </div>
        </Form>
        <p class="hint">{verifyEmail.nothing}</p>
      </Card>
    </>
  )
}

function Opening(props: EmailProps & { readonly field: string | undefined }): VNode {
  const { words, current, verified, notice, problem, field } = props
  const said = words.change.email
  return (
    <>
      <RoomHeader title={said.title} lead={said.lead} />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field }]} />
      )}
      {notice !== undefined && problem === undefined && <Notice>{notice}</Notice>}
      <section class="panel">
        <Rows>
          <Row label={said.current}>
            <EmailText email={current} />{' '}
            <span class={verified ? 'badge' : 'badge warn'}>
              {verified ? said.verified : said.unverified}
            </span>
          </Row>
        </Rows>
      </section>
    </>
  )
}

export interface ConfirmEmailProps extends EmailPageProps {
  readonly action: string
  readonly email: string
}

/** The page behind the link of the mail: only its button does something, as mail scanners open links. */
export function confirmEmailView({ words, csrf, action, email }: ConfirmEmailProps): VNode {
  const said = words.change.email
  return (
    <>
      <RoomHeader title={said.linkTitle} lead={said.linkLead(<EmailText email={email} />)} />
      <section class="panel">
        <Form action={action} csrf={csrf}>
          <p class="hint">{said.linkWarning}</p>
          <div class="actions">
            <Button>{said.linkSubmit}</Button>
          </div>
        </Form>
      </section>
    </>
  )
}

/** What the link leads to once it has done its work. */
export function emailChangedView({ words }: { readonly words: Words }): VNode {
  const said = words.change.email
  return (
    <>
      <RoomHeader title={said.title} />
      <Notice>{said.changed}</Notice>
      <Onward words={words} />
    </>
  )
}

/** Says that a link is used up, too old, replaced or another person's. */
export function staleEmailLinkView({ words }: { readonly words: Words }): VNode {
  const said = words.change.email
  return (
    <>
      <RoomHeader title={said.staleTitle} lead={said.stale} />
      <Onward words={words} />
    </>
  )
}

function Onward({ words }: { readonly words: Words }): VNode {
  return (
    <div class="actions">
      <ButtonLink href={paths.email} look="secondary">
        {words.change.email.back}
      </ButtonLink>
    </div>
  )
}
