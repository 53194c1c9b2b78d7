import type { VNode } from 'preact'
import { CopyButton } from '../parts/copy-button.tsx'
import type { Words } from '../words/words.ts'

/** The reference of an error to give to support, with its code and time where they are known. */
export function ErrorReference(props: {
  readonly words: Words
  readonly errorId: string
  readonly known?: { readonly code: string; readonly at: Date } | undefined
}): VNode {
  const { words, errorId, known } = props
  const labels = words.errorDetails
  return (
    <div class="reference">
      <dl id="error-reference">
        {known !== undefined && (
          <>
            <dt>{labels.code}</dt>
            <dd>
              <code dir="ltr">{known.code}</code>
            </dd>
          </>
        )}
        <dt>{labels.reference}</dt>
        <dd>
          <code dir="ltr" id="error-id">
            {errorId}
          </code>
        </dd>
        {known !== undefined && (
          <>
            <dt>{labels.time}</dt>
            <dd>
              <time datetime={known.at.toISOString()}>{labels.when(known.at)}</time>
            </dd>
          </>
        )}
      </dl>
      <CopyButton words={words} source="error-reference" />
    </div>
  )
}
