import type { Config } from './config.ts'
import { deliver } from './domain/mail/delivery.ts'
import type { Outbox } from './domain/mail/store.ts'
import type { Clock } from './platform/clock.ts'
import { smtpMailer } from './platform/mail/smtp.ts'

/** Where letters go: to the SMTP server; without one they wait in the outbox, where the inbox of development shows them. */
export function openPost(
  { mail, issuer }: Pick<Config, 'mail' | 'issuer'>,
  outbox: Outbox,
  clock: Clock,
  serviceName: () => string,
  onFault: (error: unknown, letterId: string) => void,
) {
  const from = () => ({ ...mail.from, name: mail.from.name ?? serviceName() })
  const smtp = mail.smtpUrl === undefined ? undefined : smtpMailer({ url: mail.smtpUrl, from })
  const host = new URL(issuer).hostname
  let running: Promise<void> | undefined
  return {
    /** One round at a time: a slow server is not asked twice at once by the same process. */
    async deliver() {
      if (smtp === undefined) return
      running ??= deliver({ outbox, mailer: smtp, clock, host, onFault }).finally(() => {
        running = undefined
      })
      return running
    },
    async close() {
      await running?.catch(() => undefined)
      smtp?.close()
    },
  }
}
