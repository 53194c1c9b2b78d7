import type { VNode } from 'preact'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface DeleteProps {
  readonly words: Words
  readonly csrf: string
  readonly email: string
  /** Undefined where there are no days of grace. */
  readonly leavesAt: Date | undefined
  readonly isWrong?: boolean | undefined
}

/** What goes and when, and the word to type. */
export function deleteView({ words, csrf, email, leavesAt, isWrong }: DeleteProps): VNode {
  const { delete: said, moment } = words.leaving
  const { account, applications, log } = said.goes
  const problem = isWrong === true ? said.wrong(said.word) : undefined
  return (
    <>
      <RoomHeader title={said.title} lead={said.lead(<EmailText email={email} />)} />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'confirm' }]} />
      )}
      <Card id="goes" title={said.goesTitle}>
        <ul class="plain-list">
          {[account, applications, log].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Card>
      <Card id="when" title={said.whenTitle}>
        {leavesAt === undefined ? (
          <p>{said.whenNow}</p>
        ) : (
          <>
            <p>{said.when(<Moment at={leavesAt} said={moment} />)}</p>
            <p>{said.wayBack}</p>
          </>
        )}
        <p class="hint">{said.afterwards}</p>
      </Card>
      <section class="panel danger">
        <Form action={paths.leave} csrf={csrf}>
          <Field
            name="confirm"
            label={said.type(<strong>{said.word}</strong>)}
            problem={problem}
            input={{
              type: 'text',
              autocomplete: 'off',
              autocapitalize: 'characters',
              spellcheck: false,
              required: true,
              dir: 'auto',
            }}
          />
          <div class="actions pair">
            <Button look="danger">{said.submit}</Button>
            <ButtonLink href={paths.data} look="secondary">
              {said.cancel}
            </ButtonLink>
          </div>
        </Form>
      </section>
    </>
  )
}

/** Says why the only administrator cannot leave, and what to do first. */
export function onlyAdministratorView({ words }: { readonly words: Words }): VNode {
  const { delete: said } = words.leaving
  return (
    <>
      <RoomHeader title={said.title} />
      <Card id="stay" title={said.onlyAdministratorTitle}>
        <p>{said.onlyAdministrator}</p>
        <ButtonLink href={paths.data} look="secondary">
          {said.back}
        </ButtonLink>
      </Card>
    </>
  )
}
