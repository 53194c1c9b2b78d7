import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { uuidv7 } from '../../platform/crypto/uuid.ts'
import type { Database } from '../../platform/db/database.ts'
import { createAuditStore } from '../audit/store.ts'
import type { LetterContent } from '../mail/letter.ts'
import { createOutbox } from '../mail/store.ts'
import { createRoleStore } from '../roles/store.ts'
import { createSettingsStore } from '../settings/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import { createInvitations, invitationEnd } from './invitation.ts'

export interface InviteDeps {
  readonly database: Database
  readonly ring: KeyRing
  readonly clock: Clock
}

export type InviteOutcome =
  | { readonly kind: 'invited'; readonly token: string; readonly expiresAt: Date }
  | { readonly kind: 'unknown_role'; readonly role: string }
  | { readonly kind: 'has_account' }
  /** Registration is closed even to those who are invited. */
  | { readonly kind: 'closed' }

/** Invites a mailbox, for the operator: whoever proves it may make an account, with these roles. */
export async function invite(
  { database, ring, clock }: InviteDeps,
  { email, roles }: { readonly email: EmailAddress; readonly roles: readonly string[] },
  letter: (to: EmailAddress, token: string) => LetterContent,
): Promise<InviteOutcome> {
  const now = clock()
  return database.db.transaction(async (tx): Promise<InviteOutcome> => {
    if ((await createSettingsStore(tx).load()).sign_up === 'closed') return { kind: 'closed' }
    const known = new Set((await createRoleStore(tx).all()).map(({ name }) => name))
    const unknown = roles.find((role) => !known.has(role))
    if (unknown !== undefined) return { kind: 'unknown_role', role: unknown }
    if ((await createUserStore(tx).findByEmail(email)) !== undefined) return { kind: 'has_account' }
    const invitation = { id: uuidv7(now), email, roles, expiresAt: invitationEnd(now) }
    const token = createInvitations(ring).seal(invitation)
    await createOutbox(tx, ring, clock).queue(letter(email, token))
    // By its id, which the record of the registration repeats; the address stands with the account alone.
    await createAuditStore(tx, clock).record({
      event: 'user_invited',
      detail: { invitation: invitation.id, roles },
    })
    return { kind: 'invited', token, expiresAt: invitation.expiresAt }
  })
}
