import type { VNode } from 'preact'
import { LookContext } from './look-context.ts'

/** The operator's logo, or the mark of Signet: the print of a seal that bears a keyhole, as in assets/favicon.svg. */
export function Mark(): VNode {
  return (
    <LookContext.Consumer>
      {({ logo }) => (logo === undefined ? <Seal /> : <Logo src={logo} />)}
    </LookContext.Consumer>
  )
}

// The name stands beside it, so the picture adds nothing to hear.
function Logo({ src }: { readonly src: string }): VNode {
  return <img class="mark" src={src} alt="" width={20} height={20} referrerpolicy="no-referrer" />
}

function Seal(): VNode {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
      <path
        fill="currentColor"
        fill-rule="evenodd"
        d="M21.1 3.6A6.6 6.6 0 0 1 28.4 10.9A6.6 6.6 0 0 1 28.4 21.1A6.6 6.6 0 0 1 21.1 28.4A6.6 6.6 0 0 1 10.9 28.4A6.6 6.6 0 0 1 3.6 21.1A6.6 6.6 0 0 1 3.6 10.9A6.6 6.6 0 0 1 10.9 3.6A6.6 6.6 0 0 1 21.1 3.6zM16 9.5a3.6 3.6 0 0 0-2 6.6L12.9 22h6.2L18 16.1a3.6 3.6 0 0 0-2-6.6z"
      />
    </svg>
  )
}
