import type { ComponentChildren, VNode } from 'preact'
import { Mark } from './mark.tsx'

function Drawing({
  kind,
  children,
}: {
  readonly kind: string
  readonly children: ComponentChildren
}): VNode {
  return (
    <span class={`sign ${kind}`} aria-hidden="true">
      <svg viewBox="0 0 24 24" width="28" height="28">
        {children}
      </svg>
    </span>
  )
}

/** A thing is done; the words beside it say which. */
export function Tick(): VNode {
  return (
    <Drawing kind="tick">
      <path d="M5 12.5l4.5 4.5L19 7.5" />
    </Drawing>
  )
}

/** Something went wrong; the words beside it say what. */
export function Alert(): VNode {
  return (
    <Drawing kind="alert">
      <path d="M12 5.5v8M12 18.4v.1" />
    </Drawing>
  )
}

/** Signet itself, on pages that belong to no application. */
export function Brand(): VNode {
  return (
    <span class="sign brand" aria-hidden="true">
      <Mark />
    </span>
  )
}
