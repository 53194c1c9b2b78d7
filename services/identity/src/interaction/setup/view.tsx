import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { EmailField } from '../../http/parts/credential-fields.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { NewPasswordField } from '../../http/parts/new-password-field.tsx'
import { Tick } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

type SetupField = 'name' | 'email' | 'password'

export interface SetupProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly values: { readonly name?: string | undefined; readonly email?: string | undefined }
  readonly problems: Readonly<Partial<Record<SetupField, string>>>
  /** Fewest characters of a password. */
  readonly passwordMinimum: number
}

const order: readonly SetupField[] = ['name', 'email', 'password']

/** The title of the set-up page. */
export function setupTitle({ words }: Pick<SetupProps, 'words'>): string {
  return words.setup.title
}

/** The title of the page after set-up. */
export function setupDoneTitle({ words }: Pick<SetupProps, 'words'>): string {
  return words.setup.doneTitle
}

/** The page behind the one-time link that makes the first administrator. */
export function setupView(props: SetupProps): VNode {
  const { words, values, problems } = props
  const listed = order.flatMap((field) => {
    const text = problems[field]
    return text === undefined ? [] : [{ text, field }]
  })
  return (
    <>
      <AppHeader title={words.setup.title} lead={words.setup.lead} />
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
            ...(values.name !== undefined && { value: values.name }),
            ...(listed.length === 0 && { autofocus: true }),
          }}
        />
        <EmailField words={words} value={values.email} problem={problems.email} />
        <NewPasswordField
          words={words}
          minimum={props.passwordMinimum}
          problem={problems.password}
        />
        <div class="actions">
          <Button>{words.setup.submit}</Button>
        </div>
      </Form>
    </>
  )
}

/** Says that set-up is complete. */
export function setupDoneView(props: {
  readonly words: Words
  readonly signInHref: string
}): VNode {
  const { words, signInHref } = props
  return (
    <>
      <AppHeader sign={<Tick />} title={words.setup.doneTitle} lead={words.setup.done} />
      <div class="actions">
        <ButtonLink href={signInHref}>{words.setup.doneSignIn}</ButtonLink>
      </div>
    </>
  )
}
