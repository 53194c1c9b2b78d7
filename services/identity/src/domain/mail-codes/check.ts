import { codeFault } from '../mail/code.ts'
import type { AskCodeDeps } from './ask.ts'
import { codeMatches } from './secrets.ts'
import { type CodePlace, createMailCodeStore } from './store.ts'

/** `used`: this very code was right once. `gone`: none was ever sent, or too long ago. */
export type CodeVerdict = {
  readonly kind: 'right' | 'wrong' | 'expired' | 'exhausted' | 'used' | 'gone'
}

/** Decides a mailed code; every try counts before it is looked at, and of many right ones at once one is. */
export async function checkCode(
  { database, ring, clock }: AskCodeDeps,
  place: CodePlace,
  code: string,
): Promise<CodeVerdict> {
  const now = clock()
  const store = createMailCodeStore(database.db)
  const taken = await store.takeTry(place, now)
  if (taken === undefined) {
    const present = await store.find(place)
    if (present === undefined) return { kind: 'gone' }
    if (present.usedAt !== null) return { kind: 'used' }
    return { kind: codeFault(present, now) ?? 'wrong' }
  }
  const { id, codeMac } = taken
  const isRight = codeMatches(ring, id, place, code, codeMac) && (await store.use(id, now))
  return { kind: isRight ? 'right' : 'wrong' }
}
