import type { ComponentChildren, VNode } from 'preact'
import type { Words } from '../words/words.ts'

export interface PasskeyButtonProps {
  readonly words: Words
  readonly prompt: PasskeyPrompt
  readonly children: ComponentChildren
  readonly look?: 'primary' | 'secondary' | undefined
  /** Where the answer goes, if it is not where the form goes. */
  readonly action?: string | undefined
  /** The cookie in which the script notes that this device could have a passkey of its own. */
  readonly offerCookie?: string | undefined
  /** Passkeys are offered at the address field as well. */
  readonly autofill?: boolean | undefined
  /** Nothing else is on the page: say so where the button cannot appear. */
  readonly alone?: boolean | undefined
}

/** What a page asks the browser for, for the script of its button. */
export interface PasskeyPrompt {
  readonly ceremony: 'create' | 'get'
  /** Options of WebAuthn as JSON. */
  readonly options: string
}

/** Asks the browser for a passkey and sends its answer with the form around it. Shown only where the browser can. */
export function PasskeyButton(props: PasskeyButtonProps): VNode {
  const { words, prompt, children, look = 'primary', action, autofill, alone, offerCookie } = props
  const { cancelled, present, unable } = words.passkeys
  return (
    <>
      <button
        type="submit"
        class={`button ${look}`}
        formaction={action}
        formnovalidate
        data-passkey={prompt.options}
        data-ceremony={prompt.ceremony}
        data-autofill={autofill === true ? '' : undefined}
        data-passkey-cookie={offerCookie}
        data-cancelled={cancelled}
        data-present={present}
        hidden
      >
        {children}
      </button>
      {alone === true && <p data-unable="">{unable}</p>}
      <p class="hint" role="status" data-said="" />
    </>
  )
}
