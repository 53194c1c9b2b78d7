// What a registration keeps, and how often it may be tried, on both kinds of database.
import { sql } from 'drizzle-orm'
import t from 'tap'
import type { StoredPassword } from '../../src/domain/credentials/password-hasher.ts'
import { register } from '../../src/domain/registrations/ask.ts'
import { proveByCode, proveByLink } from '../../src/domain/registrations/prove.ts'
import { createInvitations } from '../../src/domain/registrations/invitation.ts'
import { createRegistrationSecrets } from '../../src/domain/registrations/secrets.ts'
import { createRegistrationStore } from '../../src/domain/registrations/store.ts'
import { type EmailAddress, parseEmail } from '../../src/domain/users/email.ts'
import { createUserStore } from '../../src/domain/users/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { kinds, testDatabase, withoutPostgres } from '../helpers/database.ts'

const skipOf = { pglite: false, postgres: await withoutPostgres() } as const
const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
const secrets = createRegistrationSecrets(ring)
const stored: StoredPassword = {
  hash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
  peppered: true,
}
const [here, there] = ['browser one', 'browser two']
const ip = '127.0.0.1'

function address(text: string): EmailAddress {
  const email = parseEmail(text)
  if (email === undefined) throw new Error(`${text} is no address`)
  return email
}

for (const kind of kinds) {
  void t.test(kind, { skip: skipOf[kind] }, async (t) => {
    const database = await testDatabase(t, kind)
    let now = new Date('2026-11-21T12:00:00Z')
    const invitations = createInvitations(ring)
    const deps = { database, ring, secrets, invitations, clock: () => now }
    const store = createRegistrationStore(database.db)
    const count = async () => {
      const result = await database.db.execute(sql`select count(*)::int as n from registrations`)
      return rowsOf<{ n: number }>(result)[0]?.n
    }
    let mailed = { code: '', link: '' }
    const letter = (to: string) => ({
      to: { name: '', address: to },
      subject: '',
      text: '',
      html: '',
    })
    const letters = {
      proof: (to: string, code: string, link: string) => {
        mailed = { code, link }
        return letter(to)
      },
      exists: letter,
    }
    const begin = async (email: string, browser = here) => {
      const application = {
        name: '',
        email: address(email),
        password: stored,
        tx: 'sealed',
        invitation: undefined,
      }
      const id = await register(deps, application, browser, letters)
      return { id, ...mailed }
    }
    const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

    await t.test('nothing in the row opens anything', async (t) => {
      const { id, code, link } = await begin('secret@example.test')
      const result = await database.db.execute(sql`select * from registrations`)
      const dump = JSON.stringify(rowsOf(result))
      t.notMatch(dump, code)
      t.notMatch(dump, link)
      t.equal(secrets.openLink(link), id)
      t.equal(secrets.openPage(link), undefined)
      t.equal(secrets.openLink(secrets.sealPage(id)), undefined)
    })

    await t.test('one address and browser have one registration, the newest', async (t) => {
      const before = await count()
      const first = await begin('newest@example.test')
      const second = await begin('newest@example.test')
      const elsewhere = await begin('newest@example.test', there)
      t.equal(await count(), (before ?? 0) + 2)
      t.equal(await store.find(first.id, now), undefined)
      t.match(await store.find(second.id, now), { id: second.id, tx: 'sealed', tries: 0 })
      t.match(await store.find(elsewhere.id, now), { browserHash: there })
    })

    await t.test('twenty tries at once are five, in its own browser only', async (t) => {
      const { id, code } = await begin('tries@example.test')
      const foreign = await proveByCode(deps, id, code, { browserHash: there, ip })
      t.equal(foreign.kind, 'gone')
      t.equal((await store.find(id, now))?.tries, 0)
      const from = { browserHash: here, ip }
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => proveByCode(deps, id, wrong(code), from)),
      )
      t.equal(outcomes.filter(({ kind: outcome }) => outcome === 'wrong').length, 5)
      t.equal(outcomes.filter(({ kind: outcome }) => outcome === 'exhausted').length, 15)
      t.equal((await store.find(id, now))?.tries, 5)
      t.equal((await proveByCode(deps, id, code, from)).kind, 'exhausted')
      t.equal((await proveByLink(deps, id, ip))?.kind, 'created', 'the link still proves it')
    })

    await t.test('proofs of every kind at once make one account', async (t) => {
      const email = 'race@example.test'
      const [one, two] = [await begin(email), await begin(email, there)]
      const outcomes = await Promise.all([
        ...Array.from({ length: 5 }, () => proveByLink(deps, one.id, ip)),
        ...Array.from({ length: 5 }, () => proveByLink(deps, two.id, ip)),
        ...Array.from({ length: 5 }, () =>
          proveByCode(deps, one.id, one.code, { browserHash: here, ip }),
        ),
        ...Array.from({ length: 5 }, () =>
          proveByCode(deps, two.id, two.code, { browserHash: there, ip }),
        ),
      ])
      t.equal(outcomes.filter((outcome) => outcome?.kind === 'created').length, 1)
      const user = await createUserStore(database.db).findByEmail(address(email))
      t.equal(user?.emailVerified, true)
      const events = await database.db.execute(
        sql`select event from audit where user_id = ${user?.id} and event = 'user_registered'`,
      )
      t.equal(rowsOf(events).length, 1)
    })

    await t.test('an account that exists keeps its password, whatever is guessed', async (t) => {
      const { id, code } = await begin('race@example.test')
      t.equal((await store.find(id, now))?.codeMac, undefined)
      // Even the code of the letter that was written and not sent.
      for (const guess of [code, wrong(code)])
        t.equal((await proveByCode(deps, id, guess, { browserHash: here, ip })).kind, 'wrong')
      t.equal(await proveByLink(deps, id, ip), undefined)
    })

    await t.test('what has expired opens nothing, and is cleaned up', async (t) => {
      const { id, code } = await begin('late@example.test')
      const started = now
      now = new Date(started.getTime() + 600_000)
      t.equal((await proveByCode(deps, id, code, { browserHash: here, ip })).kind, 'expired')
      now = new Date(started.getTime() + 86_400_000)
      t.equal(await store.find(id, now), undefined)
      t.equal(await proveByLink(deps, id, ip), undefined)
      t.equal((await proveByCode(deps, id, code, { browserHash: here, ip })).kind, 'gone')
      await store.deleteExpired(new Date(now.getTime() - 1))
      t.ok((await count()) !== 0, 'not before their time')
      await store.deleteExpired(now)
      t.equal(await count(), 0)
    })
  })
}
