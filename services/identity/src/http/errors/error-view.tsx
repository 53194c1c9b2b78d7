import type { VNode } from 'preact'
import type { Fault } from '../../domain/faults/fault.ts'
import { FaultExplanation } from './fault-view.tsx'
import { ErrorReference } from './reference.tsx'
import { AppHeader } from '../parts/app-header.tsx'
import type { AppIdentity } from '../parts/app-identity.ts'
import { ButtonLink } from '../parts/button.tsx'
import { followableUrl } from '../safe-url.ts'
import { Alert } from '../parts/sign.tsx'
import type { ErrorKind, Words } from '../words/words.ts'

export interface ErrorProps {
  readonly words: Words
  readonly kind: ErrorKind
  readonly errorId: string
  readonly at: Date
  readonly app?: AppIdentity | undefined
  /** What the check knows; only where the person is the one who runs the service. */
  readonly fault?: Fault | undefined
  /** Ways on; the first is the one most people want. */
  readonly actions?: readonly { readonly label: string; readonly href: string }[] | undefined
}

/** The title of an error page. */
export function errorTitle({ words, kind }: Pick<ErrorProps, 'words' | 'kind'>): string {
  return words.errors[kind].title
}

/** An error page: what happened, what to do, and the reference to give to support. */
export function errorView(props: ErrorProps): VNode {
  const { words, kind, errorId, at, app, fault, actions = [] } = props
  const said = words.errors[kind]
  const ways = actions.filter(
    ({ href }) => href.startsWith('/') || followableUrl(href) !== undefined,
  )
  return (
    <>
      <AppHeader app={app} sign={<Alert />} title={said.title} lead={said.what} />
      <p>{said.next}</p>
      {ways.length > 0 && (
        <div class="actions">
          {ways.map(({ label, href }, index) => (
            <ButtonLink key={href} href={href} look={index === 0 ? 'primary' : 'secondary'}>
              {label}
            </ButtonLink>
          ))}
        </div>
      )}
      {fault !== undefined && <FaultExplanation words={words} fault={fault} />}
      <ErrorReference words={words} errorId={errorId} known={{ code: kind, at }} />
    </>
  )
}
