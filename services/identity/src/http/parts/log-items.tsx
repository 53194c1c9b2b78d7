import type { VNode } from 'preact'
import type { LogEntry } from '../../domain/security-log/own-log.ts'
import { type ProfileField, PROFILE_FIELDS } from '../../domain/users/parse-profile.ts'
import type { Words } from '../words/words.ts'
import { deviceText } from './device.tsx'
import { Item, Items } from './items.tsx'
import { Moment } from './moment.tsx'

/** Events of which a person should take a second look. */
const ALARMING: ReadonlySet<string> = new Set([
  'sign_in_failed',
  'second_factor_failed',
  'second_factor_throttled',
  'password_change_refused',
  'refresh_token_replayed',
  'passkey_cloned',
  'user_disabled',
])

/** Events of an account: what, with which application, when, from where. */
export function LogItems(props: {
  readonly words: Words
  readonly entries: readonly LogEntry[]
  readonly said: (at: Date) => string
}): VNode {
  return (
    <Items>
      {props.entries.map((entry) => (
        <LogItem key={entry.id} {...props} entry={entry} />
      ))}
    </Items>
  )
}

function LogItem(props: {
  readonly words: Words
  readonly entry: LogEntry
  readonly said: (at: Date) => string
}): VNode {
  const { words, entry, said } = props
  const kind = ALARMING.has(entry.event) ? 'alarm' : entry.kind
  return (
    <Item
      sign={<span class={`dot ${kind}`} aria-hidden="true" />}
      title={words.securityLog.events[entry.event]}
    >
      {entry.app !== undefined && (
        <p>
          <bdi>{entry.app.name}</bdi>
        </p>
      )}
      {entry.fields.length > 0 && (
        <p class="soft">{words.securityLog.changed(fieldNames(words, entry.fields))}</p>
      )}
      <p class="soft">
        <Moment at={entry.at} said={said} />
        {entry.userAgent !== undefined && `\u00a0· ${deviceText(words, entry.userAgent)}`}
        {entry.ip !== undefined && (
          <>
            {'\u00a0· '}
            <bdi dir="ltr">{entry.ip}</bdi>
          </>
        )}
      </p>
    </Item>
  )
}

function fieldNames({ profile }: Words, fields: readonly string[]): string {
  const known = PROFILE_FIELDS.filter((field: ProfileField) => fields.includes(field))
  return known.map((field) => profile.fields[field]).join('\u00a0· ')
}
