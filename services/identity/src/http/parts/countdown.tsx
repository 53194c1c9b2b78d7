import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'

/** Counts down to the next try where scripts run; it is no live region, which would be read out every second. */
export function Countdown(props: { readonly words: Words; readonly seconds: number }): VNode {
  const { words, seconds } = props
  return (
    <div class="hint countdown">
      <p
        role="timer"
        aria-live="off"
        data-countdown={Math.max(1, Math.ceil(seconds))}
        data-counting={words.wait.counting}
        data-over={words.wait.over}
        hidden
      />
      <p role="status" />
    </div>
  )
}
