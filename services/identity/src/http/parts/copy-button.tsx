import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'

/** Copies the text of another element; shown only where scripts run. */
export function CopyButton(props: {
  readonly words: Words
  readonly source: string
  /** Where a page has several. */
  readonly label?: string
}): VNode {
  const { copy, copied } = props.words.errorDetails
  return (
    <p class="copy">
      <button
        type="button"
        class="button quiet"
        data-copy={props.source}
        data-copied={copied}
        hidden
      >
        {props.label ?? copy}
      </button>
      <span role="status" />
    </p>
  )
}
