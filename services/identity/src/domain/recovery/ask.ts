import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createThrottleStore } from '../throttles/store.ts'
import type { EmailAddress } from '../users/email.ts'
import type { RecoveryLinks } from './link.ts'
import { type RecoverableAccount, createRecoveryStore } from './store.ts'

export interface AskDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly links: RecoveryLinks
  readonly clock: Clock
}

export interface Asking {
  readonly email: EmailAddress
  readonly ip: string
  /** What mails are counted by beside the mailbox: the peer, or its network. */
  readonly network: string
  readonly mailsPerNetworkAndHour: number
}

/** Letters to one mailbox, whoever asks: enough for a person, too few to annoy one with. */
const MAILBOX_BUDGETS = [
  { what: 'recovery-mail-hour', tries: 5, windowSeconds: 3600 },
  { what: 'recovery-mail-day', tries: 20, windowSeconds: 86_400 },
] as const

/**
 * Mails a link for a new password to whoever has the account of an address. Nothing comes back: an unknown address, a
 * disabled account and a spent budget look the same to whoever asked.
 */
export async function askForReset(
  { database, ring, links, clock }: AskDeps,
  { email, ip, network, mailsPerNetworkAndHour }: Asking,
  letter: (account: RecoverableAccount, token: string) => LetterContent,
): Promise<void> {
  const now = clock()
  const byNetwork = { tries: mailsPerNetworkAndHour, windowSeconds: 3600 }
  const throttles = createThrottleStore(database.db)
  if ((await throttles.take('recovery-network', network, byNetwork, now)).kind !== 'taken') return
  for (const { what, ...budget } of MAILBOX_BUDGETS)
    if ((await throttles.take(what, email, budget, now)).kind !== 'taken') return

  const account = await createRecoveryStore(database.db).findByEmail(email)
  if (account === undefined || account.disabled) return
  const { userId } = account
  await database.db.transaction(async (tx) => {
    await createOutbox(tx, ring, clock).queue(letter(account, links.seal(account, now)))
    await createAuditStore(tx, clock).record({ event: 'password_reset_asked', userId, ip })
  })
}
