import type { VNode } from 'preact'
import { Field, type FieldProps } from './field.tsx'

/** The one field of a six-digit code: phones and password managers fill it, and what the server forgives may be typed. */
export function CodeField(
  props: Pick<FieldProps, 'label' | 'hint' | 'problem'> & {
    readonly focused?: boolean | undefined
  },
): VNode {
  const { focused, ...rest } = props
  return (
    <Field
      {...rest}
      name="code"
      input={{
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        // Compiled with the v flag, where a bare hyphen in a class would switch the check off.
        pattern: '[\\p{Nd} \\-]{6,9}',
        required: true,
        dir: 'ltr',
        ...(focused === true && { autofocus: true }),
      }}
    />
  )
}
