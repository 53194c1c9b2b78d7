import type { VNode } from 'preact'
import type { Words } from '../words/words.ts'

export interface Problem {
  readonly text: string
  /** Id of the field to go to. */
  readonly field?: string | undefined
}

/** The list of problems on top of a form; it takes the focus, so that it is read first (WCAG 2.2 SC 3.3.1). */
export function ErrorSummary(props: {
  readonly words: Words
  readonly problems: readonly Problem[]
}): VNode {
  const { words, problems } = props
  return (
    <div class="summary" id="summary" role="alert" tabindex={-1} autofocus>
      <h2 class={problems.length === 1 ? 'visually-hidden' : undefined}>{words.summary.title}</h2>
      <ul>
        {problems.map(({ text, field }) => (
          <li key={text}>{field === undefined ? text : <a href={`#${field}`}>{text}</a>}</li>
        ))}
      </ul>
    </div>
  )
}
