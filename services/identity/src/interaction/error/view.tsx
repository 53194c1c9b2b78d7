import type { VNode } from 'preact'
import type { Fault } from '../../domain/faults/fault.ts'
import { FaultExplanation } from '../../http/errors/fault-view.tsx'
import { ErrorReference } from '../../http/errors/reference.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { Alert } from '../../http/parts/sign.tsx'
import type { Words } from '../../http/words/words.ts'

/** What everybody else is told: the error's reference, and whom to give it to. */
export function referenceView(words: Words, errorId: string): VNode {
  const { title, lead, next } = words.faults
  return (
    <>
      <AppHeader sign={<Alert />} title={title} lead={lead} />
      <p>{next}</p>
      <ErrorReference words={words} errorId={errorId} />
    </>
  )
}

/** What whoever runs the service on their own machine is told. */
export function faultView(words: Words, fault: Fault): VNode {
  return (
    <>
      <AppHeader sign={<Alert />} title={words.faults.title} lead={words.faults.lead} />
      <FaultExplanation words={words} fault={fault} />
      <ErrorReference words={words} errorId={fault.id} known={fault} />
    </>
  )
}

/** What whoever runs the service is told when nothing is kept under that reference. */
export function unknownFaultView(words: Words, errorId: string): VNode {
  const { unknownTitle, unknown } = words.faults
  return (
    <>
      <AppHeader sign={<Alert />} title={unknownTitle} lead={unknown} />
      <ErrorReference words={words} errorId={errorId} />
    </>
  )
}
