/** One mail to one person. The address is an object: a string would be parsed, and could hold a second recipient. */
export interface Letter {
  readonly to: { readonly name: string; readonly address: string }
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Stable over retries, so that a mail system can drop a repetition. */
  readonly messageId: string
}

/** Hands a letter over. Rejects when it was not taken; the caller tries again. */
export type Mailer = (letter: Letter) => Promise<void>
