import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { AppLinks } from '../../http/parts/app-links.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailField, PasswordField } from '../../http/parts/credential-fields.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

export type RegisterField = 'name' | 'email' | 'password'

export interface RegisterProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app?: AppIdentity | undefined
  readonly values: { readonly name: string; readonly email: string }
  readonly problems: Readonly<Partial<Record<RegisterField, string>>>
  /** Fewest characters of a password; shown as a hint. */
  readonly passwordMinimum: number
  readonly signInHref: string
}

const order: readonly RegisterField[] = ['name', 'email', 'password']

/** The registration page: name, address and password, all of which wait until the mailbox is proved. */
export function registerView(props: RegisterProps): VNode {
  const { words, app, values, problems } = props
  const listed = order.flatMap((field) => {
    const text = problems[field]
    return text === undefined ? [] : [{ text, field }]
  })
  const lead = app === undefined ? undefined : words.register.lead(<bdi>{app.name}</bdi>)
  return (
    <>
      <AppHeader app={app} title={words.register.title} lead={lead} />
      {listed.length > 0 && <ErrorSummary words={words} problems={listed} />}
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
        <EmailField words={words} value={values.email} problem={problems.email} />
        <PasswordField
          words={words}
          fresh
          hint={words.setup.passwordHint(props.passwordMinimum)}
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

/** Says that nobody may register here, and what one can do. */
export function registerClosedView(props: {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  readonly signUp: 'invited' | 'closed'
  readonly signInHref: string
}): VNode {
  const { words, app, signUp, signInHref } = props
  return (
    <>
      <AppHeader
        app={app}
        sign={<Alert />}
        title={words.register.closedTitle}
        lead={words.register[signUp]}
      />
      <div class="actions">
        <ButtonLink href={signInHref}>{words.login.submit}</ButtonLink>
      </div>
    </>
  )
}
