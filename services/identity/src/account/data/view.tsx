import type { VNode } from 'preact'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { Countdown } from '../../http/parts/countdown.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface DataProps {
  readonly words: Words
  readonly csrf: string
  /** Set after too many downloads. */
  readonly retryAfterSeconds?: number | undefined
}

/** What the download holds, its button, and the way to deletion. */
export function dataView({ words, csrf, retryAfterSeconds }: DataProps): VNode {
  const said = words.leaving.data
  const { profile, devices, applications, log } = said.contents
  return (
    <>
      <RoomHeader title={said.title} lead={said.lead} />
      {retryAfterSeconds !== undefined && (
        <ErrorSummary
          words={words}
          problems={[{ text: words.wait.throttled(retryAfterSeconds) }]}
        />
      )}
      <Card id="contents" title={said.contentsTitle}>
        <ul class="plain-list">
          {[profile, devices, applications, log].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <p class="hint">{said.without}</p>
        <Form action={paths.data} csrf={csrf}>
          <div class="actions">
            <Button>{said.download}</Button>
            {retryAfterSeconds !== undefined && (
              <Countdown words={words} seconds={retryAfterSeconds} />
            )}
          </div>
        </Form>
      </Card>
      <Card id="leave" title={said.deleteTitle} lead={said.deleteLead} tone="danger">
        <ButtonLink href={paths.leave} look="danger">
          {said.deleteLink}
        </ButtonLink>
      </Card>
    </>
  )
}
