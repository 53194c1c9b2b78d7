import t from 'tap'
import type { SignedIn } from '../../domain/sessions/session.ts'
import { whatToEnd } from './what-to-end.ts'

const at = new Date(1_700_000_000_000)
const person = (id: string, sessionId = `session of ${id}`): SignedIn => ({
  session: {
    id: sessionId,
    tokenHash: `hash of ${sessionId}`,
    userId: id,
    authTime: at,
    amr: ['pwd'],
    acr: 'aal1',
    lastSeenAt: at,
    expiresAt: at,
  },
  account: {
    id,
    email: `${id}@example.test`,
    emailVerified: true,
    claims: {},
    roles: [],
    updatedAt: at,
  },
})
const [ada, bob] = [person('ada'), person('bob')]
const hint = (subject: string, sessionId: string | undefined) => ({
  subject,
  sessionId,
  clientId: 'app',
})
const both = { active: ada, others: [bob] }
const nobodyActive = { active: undefined, others: [ada, bob] }

void t.test('nobody is signed in: nothing to end, whatever is asked', async (t) => {
  const nobody = { active: undefined, others: [] }
  t.same(whatToEnd(undefined, nobody), { kind: 'nothing' })
  t.same(whatToEnd(hint('ada', 'session of ada'), nobody), { kind: 'nothing' })
})

void t.test('a hint of a session that is here ends that one, active or not', async (t) => {
  t.same(whatToEnd(hint('ada', 'session of ada'), both), { kind: 'now', who: ada })
  t.same(whatToEnd(hint('bob', 'session of bob'), both), { kind: 'now', who: bob })
  t.same(whatToEnd(hint('bob', 'session of bob'), nobodyActive), { kind: 'now', who: bob })
})

void t.test('anything less asks (RP-Initiated Logout 1.0 §2)', async (t) => {
  const asks = (who: SignedIn) => ({ kind: 'ask', about: [who] })
  t.same(whatToEnd(undefined, both), asks(ada), 'no hint: about the active one')
  t.same(whatToEnd(hint('bob', 'another'), both), asks(bob), 'another session of one who is here')
  t.same(whatToEnd(hint('bob', undefined), both), asks(bob), 'no session in the hint')
  t.same(whatToEnd(hint('eve', 'another'), both), asks(ada), 'somebody who is not here')
  t.same(whatToEnd(hint('eve', 'session of ada'), both), asks(ada), 'subject and session differ')
  t.same(whatToEnd(hint('bob', 'session of ada'), both), asks(bob), 'and the other way round')
  t.same(
    whatToEnd(hint('ada', 'session of ada'), { active: person('ada', 'newer'), others: [bob] }),
    asks(person('ada', 'newer')),
    'an older session of the same person',
  )
})

void t.test('nobody is active: the question is about all, unless the hint names one', async (t) => {
  t.same(whatToEnd(undefined, nobodyActive), { kind: 'ask', about: [ada, bob] })
  t.same(whatToEnd(hint('eve', undefined), nobodyActive), { kind: 'ask', about: [ada, bob] })
  t.same(whatToEnd(hint('bob', undefined), nobodyActive), { kind: 'ask', about: [bob] })
})
