import type { QueuedLetter } from '../../domain/mail/store.ts'

/** A letter as tests and people in development read it. */
export interface InboxMessage {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Addresses in the text, in order. */
  readonly links: readonly string[]
  /** One-time codes: groups of digits or letters that stand alone on a line. */
  readonly codes: readonly string[]
  readonly at: string
}

export function toMessage(letter: QueuedLetter, from: string): InboxMessage {
  const { id, to, subject, text, html, createdAt } = letter
  return {
    id,
    to: to.address,
    from,
    subject,
    text,
    html,
    links: text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
    codes:
      text.match(/^\s*(?:\d{6}|[A-Z0-9]{5}-[A-Z0-9]{5})\s*$/gm)?.map((code) => code.trim()) ?? [],
    at: createdAt.toISOString(),
  }
}
