import type { VNode } from 'preact'
import type { Fault } from '../../domain/faults/fault.ts'
import { FaultExplanation } from '../../http/errors/fault-view.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { CopyButton } from '../../http/parts/copy-button.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

/** What everybody is told who follows the address of an error: its reference, and whom to give it to. */
export function referenceView(words: Words, errorId: string): VNode {
  const { title, lead, next } = words.faults
  return (
    <>
      <AppHeader sign={<Alert />} title={title} lead={lead} />
      <p>{next}</p>
      <Reference words={words} errorId={errorId} />
    </>
  )
}

/** What somebody is told who runs the service on their own machine. */
export function faultView(words: Words, fault: Fault): VNode {
  return (
    <>
      <AppHeader sign={<Alert />} title={words.faults.title} lead={words.faults.lead} />
      <FaultExplanation words={words} fault={fault} />
      <Reference words={words} errorId={fault.id} fault={fault} />
    </>
  )
}

/** The same somebody, when nothing is kept under that reference. */
export function unknownFaultView(words: Words, errorId: string): VNode {
  const { unknownTitle, unknown } = words.faults
  return (
    <>
      <AppHeader sign={<Alert />} title={unknownTitle} lead={unknown} />
      <Reference words={words} errorId={errorId} />
    </>
  )
}

function Reference(props: {
  readonly words: Words
  readonly errorId: string
  readonly fault?: Pick<Fault, 'code' | 'at'>
}): VNode {
  const { words, errorId, fault } = props
  const labels = words.errorDetails
  return (
    <div class="reference">
      <dl id="error-reference">
        {fault !== undefined && (
          <>
            <dt>{labels.code}</dt>
            <dd>
              <code dir="ltr">{fault.code}</code>
            </dd>
          </>
        )}
        <dt>{labels.reference}</dt>
        <dd>
          <code dir="ltr" id="error-id">
            {errorId}
          </code>
        </dd>
        {fault !== undefined && (
          <>
            <dt>{labels.time}</dt>
            <dd>
              <time datetime={fault.at.toISOString()}>{labels.when(fault.at)}</time>
            </dd>
          </>
        )}
      </dl>
      <CopyButton words={words} source="error-reference" />
    </div>
  )
}
