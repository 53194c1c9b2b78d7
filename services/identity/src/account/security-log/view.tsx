import type { VNode } from 'preact'
import type { LogKind } from '../../domain/security-log/events.ts'
import type { LogEntry } from '../../domain/security-log/own-log.ts'
import type { Moments } from '../../http/language/moments.ts'
import { ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { Empty } from '../../http/parts/items.tsx'
import { LogItems } from '../../http/parts/log-items.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import type { Words } from '../../http/words/words.ts'

export interface SecurityLogProps {
  readonly words: Words
  readonly moments: Moments
  readonly entries: readonly LogEntry[]
  readonly kind: LogKind | undefined
  readonly hrefOf: (kind: LogKind | undefined, before?: string) => string
  readonly passwordHref: string
  /** The `before` of the next page. */
  readonly older: string | undefined
  /** Whether this is a page after the first. */
  readonly later: boolean
}

const KINDS = ['all', 'sign_in', 'change'] as const

/** What happened to an account, day by day. */
export function securityLogView(props: SecurityLogProps): VNode {
  const { words, moments, entries, kind, hrefOf, older, later } = props
  const { title, lead, filter, kinds, empty, newest, notMe, notMeLead, notMeAction } =
    words.securityLog
  return (
    <>
      <RoomHeader title={title} lead={lead} />
      <nav class="tabs" aria-label={filter}>
        {KINDS.map((name) => (
          <a
            key={name}
            href={hrefOf(name === 'all' ? undefined : name)}
            aria-current={name === (kind ?? 'all') ? 'true' : undefined}
          >
            {kinds[name]}
          </a>
        ))}
      </nav>
      {entries.length === 0 && (
        <div class="panel">
          <Empty>{empty}</Empty>
        </div>
      )}
      {byDay(entries, moments).map(([day, ofDay], at) => (
        <Card key={day} id={`day-${at + 1}`} title={day}>
          <LogItems words={words} entries={ofDay} said={moments.time} />
        </Card>
      ))}
      {(later || older !== undefined) && (
        <p class="onward">
          {later && <a href={hrefOf(kind)}>{newest}</a>}
          {older !== undefined && <a href={hrefOf(kind, older)}>{words.securityLog.older}</a>}
        </p>
      )}
      <Card id="not-me" title={notMe} lead={notMeLead}>
        <ButtonLink look="secondary" href={props.passwordHref}>
          {notMeAction}
        </ButtonLink>
      </Card>
    </>
  )
}

/** The events in the days they fell on, where the person is. */
function byDay(entries: readonly LogEntry[], moments: Moments): [string, LogEntry[]][] {
  const days = new Map<string, LogEntry[]>()
  for (const entry of entries) {
    const day = moments.day(entry.at)
    const before = days.get(day)
    if (before === undefined) days.set(day, [entry])
    else before.push(entry)
  }
  return [...days]
}
