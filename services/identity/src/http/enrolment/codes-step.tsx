import type { VNode } from 'preact'
import { CopyButton } from '../parts/copy-button.tsx'
import type { Words } from '../words/words.ts'

export interface CodesStepProps {
  readonly words: Words
  readonly codes: readonly string[]
  /** The same as a file. */
  readonly fileHref: string
}

/** Recovery codes, shown this once, and the ways to keep them; copying and printing need scripts, the file does not. */
export function CodesStep({ words, codes, fileHref }: CodesStepProps): VNode {
  const said = words.twoStep.codes
  return (
    <div class="keepsake">
      {/* Lines of their own in the text, too, so that they are copied one below the other. */}
      <ol class="codes" id="codes" dir="ltr" aria-label={said.list}>
        {codes.map((code, at) => (
          <li key={code}>
            <code>{code}</code>
            {at < codes.length - 1 && '\n'}
          </li>
        ))}
      </ol>
      <div class="ways">
        <CopyButton words={words} source="codes" label={said.copy} />
        <a class="button quiet" href={fileHref} download>
          {said.download}
        </a>
        <button type="button" class="button quiet" data-print="" hidden>
          {said.print}
        </button>
      </div>
    </div>
  )
}
