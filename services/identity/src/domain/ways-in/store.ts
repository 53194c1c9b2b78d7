import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/db/database.ts'
import { passwords } from '../credentials/schema.ts'
import { identities } from '../identities/schema.ts'
import { passkeys } from '../passkeys/schema.ts'
import { users } from '../users/schema.ts'

/** How many of each a person can sign in by. */
export interface WaysIn {
  readonly passwords: number
  readonly passkeys: number
  readonly identities: number
}

const NONE: WaysIn = { passwords: 0, passkeys: 0, identities: 0 }

/** What a person can sign in by. Whoever takes one away has locked the person's row, so that another one stays. */
export async function waysInOf(db: Db | Tx, userId: string): Promise<WaysIn> {
  const [row] = await db
    .select({
      passwords: sql<number>`(select count(*)::int from ${passwords} where ${passwords.userId} = ${userId})`,
      passkeys: sql<number>`(select count(*)::int from ${passkeys} where ${passkeys.userId} = ${userId})`,
      identities: sql<number>`(select count(*)::int from ${identities} where ${identities.userId} = ${userId})`,
    })
    .from(users)
    .where(eq(users.id, userId))
  return row ?? NONE
}

/** Whether one less leaves no way in. A link for a new password is none: mailboxes change hands, too. */
export function isLastWayIn({ passwords, passkeys, identities }: WaysIn): boolean {
  return passwords + passkeys + identities <= 1
}
