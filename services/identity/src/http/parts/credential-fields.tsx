import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'
import { Field } from './field.tsx'

interface CredentialFieldProps {
  readonly words: Words
  readonly hint?: string | undefined
  readonly problem?: string | undefined
  readonly faultId?: string | undefined
  readonly focused?: boolean | undefined
}

/** The address a person signs in with. */
export function EmailField(
  props: CredentialFieldProps & { readonly value?: string | undefined },
): VNode {
  const { words, value, focused, ...rest } = props
  return (
    <Field
      {...rest}
      name="email"
      label={words.fields.email}
      input={{
        type: 'email',
        // Exactly this pair: other tokens break the offer of passkeys.
        autocomplete: 'username webauthn',
        autocapitalize: 'none',
        spellcheck: false,
        required: true,
        dir: 'ltr',
        ...(value !== undefined && { value }),
        ...(focused === true && { autofocus: true }),
      }}
    />
  )
}

/** A password, never filled in by us; the show button appears only where scripts run. */
export function PasswordField(
  props: CredentialFieldProps & {
    readonly name?: string | undefined
    readonly label?: string | undefined
    /** It is being chosen, so that nothing is filled in and managers offer a new one. */
    readonly fresh?: boolean | undefined
    readonly after?: VNode | undefined
  },
): VNode {
  const { words, fresh, focused, name = 'password', label, ...rest } = props
  return (
    <Field
      {...rest}
      name={name}
      label={label ?? words.fields.password}
      input={{
        type: 'password',
        autocomplete: fresh === true ? 'new-password' : 'current-password',
        autocapitalize: 'none',
        spellcheck: false,
        required: true,
        dir: 'ltr',
        ...(focused === true && { autofocus: true }),
      }}
      adornment={
        <button
          type="button"
          class="reveal"
          aria-controls={name}
          aria-label={words.fields.showPassword}
          data-reveal=""
          data-hide={words.fields.hide}
          data-hide-label={words.fields.hidePassword}
          hidden
        >
          {words.fields.show}
        </button>
      }
    />
  )
}
