import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'

/** The box by which a person trusts the browser at hand for some days. */
export function TrustBox(props: {
  readonly words: Words
  readonly days: number
  readonly trusts?: boolean | undefined
}): VNode {
  const { words, days, trusts } = props
  return (
    <div class="tick-box">
      <input
        type="checkbox"
        id="trust"
        name="trust"
        value="yes"
        checked={trusts === true}
        aria-describedby="trust-hint"
      />
      <label for="trust">{words.mfa.trust(days)}</label>
      <p class="hint" id="trust-hint">
        {words.mfa.trustHint}
      </p>
    </div>
  )
}
