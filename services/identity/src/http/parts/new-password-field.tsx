import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'
import { PasswordField } from './credential-fields.tsx'

/** A password that somebody chooses: what is asked of it, and, where scripts run, how strong it is so far. */
export function NewPasswordField(props: {
  readonly words: Words
  /** Fewest characters. */
  readonly minimum: number
  readonly problem?: string | undefined
  readonly focused?: boolean | undefined
  readonly name?: string | undefined
  readonly label?: string | undefined
}): VNode {
  const { words, minimum, name = 'password', ...rest } = props
  const { hint, strength } = words.passwords
  return (
    <PasswordField
      {...rest}
      words={words}
      name={name}
      fresh
      hint={hint(minimum)}
      after={
        <p
          class="hint strength"
          role="status"
          data-strength={name}
          data-minimum={minimum}
          data-short={strength.short}
          data-weak={strength.weak}
          data-good={strength.good}
          data-strong={strength.strong}
          hidden
        />
      }
    />
  )
}
