import { createTransport } from 'nodemailer'
import type { Mailer } from './mailer.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:port`, or `smtps://…`. */
  readonly url: string
  /** Asked for each letter: its name may change while the service runs. */
  readonly from: () => { readonly name: string; readonly address: string }
}

const TIME_LIMIT_MS = 10_000

/** Sends through an SMTP server; each letter within ten seconds or not at all. */
export function smtpMailer({ url, from }: SmtpOptions): Mailer & { close(): void } {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: TIME_LIMIT_MS,
    greetingTimeout: TIME_LIMIT_MS,
    socketTimeout: TIME_LIMIT_MS,
    // Nothing in a letter of ours is a file or a URL to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const send: Mailer = async ({ to, subject, text, html, messageId }) => {
    await transport.sendMail({ from: from(), to, subject, text, html, messageId })
  }
  return Object.assign(send, { close: () => transport.close() })
}
