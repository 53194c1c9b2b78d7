import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailField } from '../../http/parts/credential-fields.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { ProviderButtons, type ProviderOffer } from '../../http/parts/provider-button.tsx'
import { NewPasswordField } from '../../http/parts/new-password-field.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

export type RegisterField = 'name' | 'email' | 'password'

export interface RegisterProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly values: { readonly name: string; readonly email: string }
  /** The one address that the account may have, where somebody was invited. */
  readonly invitedEmail?: string | undefined
  /** They came with an invitation that no longer works, though they need none. */
  readonly hasStaleInvitation?: boolean | undefined
  readonly problems: Readonly<Partial<Record<RegisterField, string>>>
  /** Fewest characters of a password. */
  readonly passwordMinimum: number
  readonly signInHref: string
  /** Other services to begin an account with. */
  readonly providers?: readonly ProviderOffer[] | undefined
}

const order: readonly RegisterField[] = ['name', 'email', 'password']

/** The registration page: name, address and password, all of which wait until the mailbox is proved. */
export function registerView(props: RegisterProps): VNode {
  const { words, app, values, problems, invitedEmail } = props
  const listed = order.flatMap((field) => {
    const text = problems[field]
    return text === undefined ? [] : [{ text, field }]
  })
  const onward = app === undefined ? undefined : words.register.lead(<bdi>{app.name}</bdi>)
  const lead =
    invitedEmail === undefined ? onward : words.invitation.lead(<EmailText email={invitedEmail} />)
  return (
    <>
      <AppHeader app={app} title={words.register.title} lead={lead} />
      {listed.length > 0 && <ErrorSummary words={words} problems={listed} />}
      {props.hasStaleInvitation === true && <Notice>{words.invitation.staleButOpen}</Notice>}
      <ProviderButtons words={words} providers={props.providers} />
      <Form action={props.action} csrf={props.csrf}>
        <Field
          name="name"
          label={
            <>
              {words.fields.name} <span class="optional">({words.fields.optional})</span>
            </>
          }
          problem={problems.name}
          input={{
            type: 'text',
            autocomplete: 'name',
            dir: 'auto',
            value: values.name,
            ...(listed.length === 0 && { autofocus: true }),
          }}
        />
        {invitedEmail === undefined ? (
          <EmailField words={words} value={values.email} problem={problems.email} />
        ) : (
          // For password managers, which keep no password without a name.
          <input type="email" autocomplete="username" value={invitedEmail} readonly hidden />
        )}
        <NewPasswordField
          words={words}
          minimum={props.passwordMinimum}
          problem={problems.password}
        />
        <div class="actions">
          <Button>{words.register.submit}</Button>
        </div>
      </Form>
      <SignInInstead words={words} href={props.signInHref} />
      <AppLinks words={words} app={app} />
    </>
  )
}

function SignInInstead({ words, href }: { readonly words: Words; readonly href: string }): VNode {
  return (
    <p class="instead">
      <span>{words.register.haveAccount}</span> <a href={href}>{words.login.submit}</a>
    </p>
  )
}

export type Refusal = 'closed' | 'invited' | 'stale_invitation'

export interface RefusalProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  readonly why: Refusal
  readonly signInHref: string
}

/** The title of the page that says so. */
export function registerClosedTitle({ words, why }: Pick<RefusalProps, 'words' | 'why'>): string {
  return why === 'stale_invitation' ? words.invitation.staleTitle : words.register.closedTitle
}

/** Says that this person may not register here, and what one can do. */
export function registerClosedView(props: RefusalProps): VNode {
  const { words, app, why, signInHref } = props
  const lead = why === 'stale_invitation' ? words.invitation.stale : words.register[why]
  return (
    <>
      <AppHeader app={app} sign={<Alert />} title={registerClosedTitle(props)} lead={lead} />
      <div class="actions">
        <ButtonLink href={signInHref}>{words.login.submit}</ButtonLink>
      </div>
    </>
  )
}
