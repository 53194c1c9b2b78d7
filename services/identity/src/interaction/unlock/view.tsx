import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

export interface UnlockProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly email: string
}

/** The page behind the link of the mail: only its button does something, as mail scanners open links. */
export function unlockView({ words, action, csrf, email }: UnlockProps): VNode {
  const said = words.signIn.unlock
  return (
    <>
      <AppHeader title={said.title} lead={said.lead(<EmailText email={email} />)} />
      <Form action={action} csrf={csrf}>
        <p>{said.explanation}</p>
        <div class="actions">
          <Button>{said.submit}</Button>
        </div>
      </Form>
    </>
  )
}

/** Says that a link is used up or too old. */
export function staleUnlockView(props: {
  readonly words: Words
  readonly signInHref: string
}): VNode {
  const { words, signInHref } = props
  const said = words.signIn.unlock
  return (
    <>
      <AppHeader sign={<Alert />} title={said.staleTitle} lead={said.stale} />
      <div class="actions">
        <ButtonLink href={signInHref}>{words.login.submit}</ButtonLink>
      </div>
    </>
  )
}
