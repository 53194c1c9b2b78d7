import type { Tx } from '../../platform/db/database.ts'
import { isUniqueViolation } from '../../platform/db/sqlstate.ts'
import { createAuditStore } from '../audit/store.ts'
import { codeFault } from '../mail/code.ts'
import { createOutbox } from '../mail/store.ts'
import type { EmailAddress } from '../users/email.ts'
import { createUserStore } from '../users/store.ts'
import type { EmailChangeDeps } from './ask.ts'
import type { ChangeLetters, EmailChange } from './change.ts'
import { createEmailChangeSecrets } from './secrets.ts'
import { type EmailChangeStore, createEmailChangeStore } from './store.ts'

export interface EmailChanged {
  readonly kind: 'changed'
  /** The address now in force. */
  readonly email: EmailAddress
}

export type ChangeProof =
  | EmailChanged
  | { readonly kind: 'wrong' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'exhausted' }
  /** Nothing waits, or the address came to belong to somebody else meanwhile. */
  | { readonly kind: 'gone' }

/** Who proves the new mailbox: the person whose address it is to be, signed in. */
export interface Prover {
  readonly userId: string
  readonly ip: string
}

/** Puts the new address in force when the code is right; every try counts before it is looked at. */
export async function proveChangeByCode(
  deps: EmailChangeDeps,
  { userId, ip }: Prover,
  code: string,
  letters: Pick<ChangeLetters, 'changed'>,
): Promise<ChangeProof> {
  const now = deps.clock()
  const store = createEmailChangeStore(deps.database.db)
  const taken = await store.takeTry(userId, now)
  if (taken === undefined) {
    const present = await store.pending(userId, now)
    if (present === undefined) return { kind: 'gone' }
    return { kind: codeFault(present, now) ?? 'wrong' }
  }
  const { id, codeMac } = taken
  const secrets = createEmailChangeSecrets(deps.ring)
  // Compared in any case, so that an address without a code of its own takes the same time.
  const matches = secrets.codeMatches(id, code, codeMac ?? secrets.macOf(id, 'no code'))
  if (!matches || codeMac === undefined) return { kind: 'wrong' }
  // The code is part of the condition: one that was replaced meanwhile is no longer right.
  const used = (changes: EmailChangeStore) => changes.use(userId, id, now, codeMac)
  return putInForce(deps, { userId, ip }, used, 'code', letters)
}

/** The change behind the link of the mail, if it waits and is this person's. Looking uses nothing up. */
export async function changeOfLink(
  { database, ring, clock }: EmailChangeDeps,
  userId: string,
  token: string,
): Promise<EmailChange | undefined> {
  const id = createEmailChangeSecrets(ring).openLink(token)
  if (id === undefined) return undefined
  const change = await createEmailChangeStore(database.db).pending(userId, clock())
  return change?.id === id ? change : undefined
}

/** Puts the new address in force for the person who asked for it and has the link of the mail. */
export async function proveChangeByLink(
  deps: EmailChangeDeps,
  prover: Prover,
  token: string,
  letters: Pick<ChangeLetters, 'changed'>,
): Promise<EmailChanged | { readonly kind: 'gone' }> {
  const id = createEmailChangeSecrets(deps.ring).openLink(token)
  if (id === undefined) return { kind: 'gone' }
  const now = deps.clock()
  const used = (changes: EmailChangeStore) => changes.use(prover.userId, id, now)
  return putInForce(deps, prover, used, 'link', letters)
}

async function putInForce(
  { database, ring, clock }: EmailChangeDeps,
  { userId, ip }: Prover,
  use: (store: EmailChangeStore) => Promise<EmailChange | undefined>,
  by: 'code' | 'link',
  letters: Pick<ChangeLetters, 'changed'>,
): Promise<EmailChanged | { readonly kind: 'gone' }> {
  const now = clock()
  const write = async (tx: Tx): Promise<EmailChanged | { readonly kind: 'gone' }> => {
    const users = createUserStore(tx)
    const person = await users.lock(userId)
    const change = await use(createEmailChangeStore(tx))
    if (change === undefined || person === undefined) return { kind: 'gone' }
    const { id, email } = change
    await users.update(userId, { email, emailVerified: true }, now)
    const detail = { by, change: id }
    await createAuditStore(tx, clock).record({ event: 'email_changed', userId, ip, detail })
    const told = { userId, change: id, old: person.email, at: now }
    await createOutbox(tx, ring, clock).queue(letters.changed(told))
    return { kind: 'changed', email }
  }
  try {
    return await database.db.transaction(write)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // An account with that address came meanwhile: the first one stands, and nothing waits for it here.
    await use(createEmailChangeStore(database.db))
    return { kind: 'gone' }
  }
}
