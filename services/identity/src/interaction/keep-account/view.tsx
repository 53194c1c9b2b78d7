import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { Alert, Tick } from '../../http/parts/sign.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface KeepProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly email: string
  readonly leavesAt: Date
  /** The person comes from the page that asked for deletion. */
  readonly hasJustLeft?: boolean | undefined
}

/** Says when the account goes, and offers to keep it. */
export function keepView(props: KeepProps): VNode {
  const { words, action, csrf, email, leavesAt, hasJustLeft } = props
  const { keep: said, moment } = words.leaving
  return (
    <>
      <AppHeader title={said.title} lead={said.lead(<EmailText email={email} />)} />
      {hasJustLeft === true && <Notice>{said.asked}</Notice>}
      <p>{said.when(<Moment at={leavesAt} said={moment} />)}</p>
      <Form action={action} csrf={csrf}>
        <div class="actions">
          <Button look={hasJustLeft === true ? 'secondary' : 'primary'}>{said.submit}</Button>
        </div>
      </Form>
    </>
  )
}

/** Says that a link keeps nothing: the account was kept, is gone, or the link is too old. */
export function nothingToKeepView(props: {
  readonly words: Words
  readonly signInHref: string
}): VNode {
  const { words, signInHref } = props
  const { keep: said } = words.leaving
  return (
    <>
      <AppHeader sign={<Alert />} title={said.staleTitle} lead={said.stale} />
      <div class="actions">
        <ButtonLink href={signInHref}>{words.login.submit}</ButtonLink>
      </div>
    </>
  )
}

/** Where there are no days of grace: the account is as good as gone. */
export function goneView({ words }: { readonly words: Words }): VNode {
  const { keep: said } = words.leaving
  return (
    <>
      <AppHeader sign={<Tick />} title={said.goneTitle} lead={said.gone} />
      <div class="actions">
        <ButtonLink href={paths.home} look="secondary">
          {words.actions.toHome}
        </ButtonLink>
      </div>
    </>
  )
}
