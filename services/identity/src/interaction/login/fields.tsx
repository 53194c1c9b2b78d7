import type { VNode } from 'preact'
import { Account } from '../../http/parts/account.tsx'
import { EmailField, PasswordField } from '../../http/parts/credential-fields.tsx'
import type { Words } from '../../http/words/words.ts'
import { type LoginProblem, problemAt } from './problem.ts'

export interface LoginFieldsProps {
  readonly words: Words
  /** The address, the password of an address that is settled, or both if absent. */
  readonly asks?: 'address' | 'password' | 'both' | undefined
  readonly email?: string | undefined
  /** Whose address it is, where that is known. */
  readonly name?: string | undefined
  readonly problem?: LoginProblem | undefined
  readonly reauthenticate?: boolean | undefined
  /** The page for another address. */
  readonly otherHref?: string | undefined
}

/** What the page asks for: the address, the password of a settled address, or both. */
export function LoginFields(props: LoginFieldsProps): VNode {
  const { words, asks = 'both', email, problem } = props
  const quiet = problem === undefined
  const faultId = problem?.kind === 'wrong' ? 'summary' : undefined
  return (
    <>
      {asks === 'password' ? (
        <SettledAddress {...props} />
      ) : (
        <EmailField
          words={words}
          value={email}
          problem={problemAt(words, 'email', problem)}
          faultId={faultId}
          focused={quiet && (email === undefined || asks === 'address')}
        />
      )}
      {asks !== 'address' && (
        <PasswordField
          words={words}
          problem={problemAt(words, 'password', problem)}
          faultId={faultId}
          focused={quiet && email !== undefined}
        />
      )}
    </>
  )
}

/** Whose password is asked for, and the way to another address. */
function SettledAddress({
  words,
  email = '',
  name,
  reauthenticate,
  otherHref,
}: LoginFieldsProps): VNode {
  return (
    <div class="current settled">
      <Account account={{ name, email }} />
      {/* For password managers, which keep no password without a name. */}
      <input type="email" name="email" autocomplete="username" value={email} readonly hidden />
      {otherHref !== undefined && (
        <a href={otherHref} id="other">
          {reauthenticate === true ? words.selectAccount.other : words.consent.notYou}
        </a>
      )}
    </div>
  )
}
