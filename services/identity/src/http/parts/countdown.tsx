import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'

/** Counts down to the next try where scripts run; it is no live region, which would be read out every second. */
export function Countdown(props: {
  readonly words: Words
  readonly seconds: number
  /** What is said instead of the words for another try. */
  readonly said?: { readonly counting: string; readonly over: string } | undefined
}): VNode {
  const { words, seconds } = props
  const { counting, over } = props.said ?? words.wait
  return (
    <div class="hint countdown">
      <p
        role="timer"
        aria-live="off"
        data-countdown={Math.max(1, Math.ceil(seconds))}
        data-counting={counting}
        data-over={over}
        hidden
      />
      <p role="status" />
    </div>
  )
}
