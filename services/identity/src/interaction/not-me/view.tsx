import type { VNode } from 'preact'
import type { NotMeReason } from '../../domain/recovery/not-me.ts'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import { forgotPasswordPath, paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface NotMeProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly because: NotMeReason
  /** The address that the account has when the button was pressed. */
  readonly email?: string | undefined
}

/** What a letter told of, and the one button: only it does something, as mail scanners open links. */
export function notMeView({ words, action, csrf, because, email }: NotMeProps): VNode {
  const said = words.change.notMe
  return (
    <>
      <AppHeader sign={<Alert />} title={said.title} lead={happened(words, because)} />
      <div class="effects">
        <p>{said.effectsTitle}</p>
        <ul>
          <li>{said.signedOut}</li>
          <li>{said.noPassword}</li>
          <li>{said.noFactors}</li>
          {email !== undefined && <li>{said.restored(<EmailText email={email} />)}</li>}
        </ul>
      </div>
      <Form action={action} csrf={csrf}>
        <div class="actions">
          <Button>{said.submit}</Button>
        </div>
        <p class="hint">{said.harmless}</p>
      </Form>
    </>
  )
}

function happened({ change }: Words, because: NotMeReason): string {
  switch (because) {
    case 'new-device':
      return change.notMe.newDevice
    case 'sign-in-code':
      return change.notMe.signInCode
    case 'email-change':
      return change.notMe.emailChange
    case 'password-change':
      return change.notMe.passwordChange
    case 'factor-change':
      return change.notMe.factorChange
    case 'connection-change':
      return change.notMe.connectionChange
  }
}

/** Says that a link is used up, too old or overtaken. */
export function staleNotMeView({ words }: { readonly words: Words }): VNode {
  const said = words.change.notMe
  return (
    <>
      <AppHeader sign={<Alert />} title={said.staleTitle} lead={said.stale} />
      <div class="actions">
        <ButtonLink href={forgotPasswordPath(undefined)}>{said.again}</ButtonLink>
      </div>
    </>
  )
}

/** Says that the old address cannot come back, and that nothing was done. */
export function takenAddressView(props: { readonly words: Words; readonly email: string }): VNode {
  const { words, email } = props
  const said = words.change.notMe
  return (
    <>
      <AppHeader
        sign={<Alert />}
        title={said.takenTitle}
        lead={said.taken(<EmailText email={email} />)}
      />
      <div class="actions">
        <ButtonLink href={paths.home} look="secondary">
          {words.actions.toHome}
        </ButtonLink>
      </div>
    </>
  )
}
