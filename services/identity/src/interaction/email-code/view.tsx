import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { MailedCodeForm, type MailedCodeProps } from '../../http/parts/mailed-code-form.tsx'

export interface EmailCodeProps extends MailedCodeProps {
  readonly app?: AppIdentity | undefined
  readonly maskedEmail: string
  /** Where to begin again, as somebody else. */
  readonly otherHref: string
}

/** The page that waits for the code which was mailed after the password. */
export function emailCodeView(props: EmailCodeProps): VNode {
  const { words, app } = props
  const said = words.signInCode
  return (
    <>
      <AppHeader
        app={app}
        title={said.title}
        lead={said.lead(<bdi dir="ltr">{props.maskedEmail}</bdi>)}
      />
      <MailedCodeForm {...props} />
      <p class="instead">
        <span>{words.verifyEmail.nothing}</span> <a href={props.otherHref}>{said.other}</a>
      </p>
      <AppLinks words={words} app={app} />
    </>
  )
}
