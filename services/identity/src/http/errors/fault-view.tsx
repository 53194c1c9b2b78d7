import type { VNode } from 'preact'
import type { Fault } from '../../domain/faults/fault.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import type { Words } from '../words/words.ts'

/** The style sheet of pages that explain a fault. */
export const FAULT_STYLE = 'fault.css'

/**
 * What a check knows, for whoever runs the service on their own machine. The words of checks are English, as the code
 * and its documents; addresses are text and never links, since somebody else chose them.
 */
export function FaultExplanation(props: { readonly words: Words; readonly fault: Fault }): VNode {
  const { words, fault } = props
  const said = words.faults.explanation
  const { expected, received } = words.errorDetails
  return (
    <section class="explanation" aria-labelledby="explanation-title">
      <h2 id="explanation-title">{said.heading}</h2>
      <English>{fault.cause}</English>
      <dl id="explanation-facts">
        <Facts term={expected} facts={fault.expected} />
        <Facts term={received} facts={fault.received} />
        {fault.clientId !== undefined && <Row term={said.application}>{fault.clientId}</Row>}
        <Row term={said.request}>{`${fault.method} ${fault.path}`}</Row>
        <Row term={said.check}>{fault.check}</Row>
      </dl>
      <English>{fault.advice}</English>
      {fault.change !== undefined && (
        <>
          <h3 id="explanation-change-title">{said.change}</h3>
          <pre
            dir="ltr"
            id="explanation-change"
            role="region"
            aria-labelledby="explanation-change-title"
            tabindex={0}
          >
            <code>{fault.change}</code>
          </pre>
          <CopyButton words={words} source="explanation-change" label={said.copyChange} />
        </>
      )}
      <p class="hint">{said.onlyHere}</p>
    </section>
  )
}

function English({ children }: { readonly children: string }): VNode {
  return (
    <p lang="en" dir="ltr">
      {children}
    </p>
  )
}

function Facts({ term, facts }: { readonly term: string; readonly facts: Fault['expected'] }) {
  const entries = Object.entries(facts ?? {})
  return (
    <>
      {entries.map(([name, value]) => (
        <Row key={name} term={term}>{`${name}: ${value}`}</Row>
      ))}
    </>
  )
}

function Row({ term, children }: { readonly term: string; readonly children: string }): VNode {
  return (
    <>
      <dt>{term}</dt>
      <dd>
        <code dir="ltr">{children}</code>
      </dd>
    </>
  )
}
