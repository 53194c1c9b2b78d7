import { readFileSync } from 'node:fs'
import t from 'tap'
import { createFaultBudget } from './budget.ts'
import type { CheckWords } from './check-words.ts'
import { CHECKS_BY_AREA, isCheck, wordsOf } from './checks.ts'
import { ShownFault, linesOfFault, shownFault } from './explanation.ts'
import { type Fault, faultOf, isErrorId } from './fault.ts'
import { createFaultJournal } from './journal.ts'
import { shownFacts, shownText, shownUri } from './shown.ts'

const now = new Date('2026-11-21T12:00:00Z')
const base = { id: 'abcdefghijkl', at: now, code: 'invalid_grant', status: 400, method: 'POST' }

void t.test(
  'text that is kept: bounded, printable, nobody’s address, nothing random',
  async (t) => {
    t.equal(shownText('https://app.test/cb?x=1'), 'https://app.test/cb?x=1')
    t.equal(shownText('a\0b\u001b[31m\u202e'), 'a?b?[31m?')
    t.equal(shownText('mail ada@example.test now'), 'mail (an address) now')
    t.notMatch(shownText('login_hint=ada%40example.test'), /ada/)
    t.equal(shownText('https://ada:pass@app.test/'), 'https://(user)@app.test/')
    t.equal(shownText('eyJhbGciOiJSUzI1NiIsInR5cCI6'), '(28 characters)')
    t.equal(shownText('0123456789abcdef0123456789abcdef'), '(32 characters)')
    t.equal(shownText('my-app-git-feature-login-team.test'), 'my-app-git-feature-login-team.test')
    const uuid = '018f2f6a-7c1d-7a55-9b1e-3f0b6f0c9d11'
    t.equal(shownText(uuid), uuid)
    t.equal(shownText('x y'.repeat(10_000)).length, 500)
    t.ok(shownText('🙂'.repeat(600)).isWellFormed())
    t.ok(shownText('\ud800').isWellFormed(), 'PostgreSQL takes no half a character')
  },
)

void t.test('a URI that is kept: values only where they are registered', async (t) => {
  const registered = ['https://app.test/cb?tenant=a']
  t.equal(shownUri('https://app.test/cb?tenant=a', registered), 'https://app.test/cb?tenant=a')
  t.equal(
    shownUri('https://app.test/cb?tenant=a&code=4711#token', registered),
    'https://app.test/cb?tenant=a&code=…#…',
  )
})

void t.test('facts: what is not in the list is not kept', async (t) => {
  const given = { scope: 'openid', code_verifier: 'secret', password: 'secret' }
  t.same(shownFacts(given), { scope: 'openid' })
  t.equal(shownFacts({}), undefined)
})

void t.test('a fault without a check goes by its code, and by the words of the log', async (t) => {
  const fault = (code: string, hint?: string) => faultOf({ ...base, code, path: '/x', hint })
  t.equal(fault('page_expired').check, 'page_expired')
  t.equal(fault('invalid_request', 'csrf is repeated').check, 'request_malformed')
  t.match(fault('whatever', 'ada@example.test came'), {
    check: 'refused',
    received: { reason: '(an address) came' },
  })
  t.equal(fault('constructor').check, 'refused')
})

void t.test('a fault in words and in JSON says the same', async (t) => {
  const fault = faultOf({
    ...base,
    path: '/token',
    clientId: 'app',
    why: {
      check: 'scope_not_allowed',
      expected: { scope: 'openid' },
      received: { scope: 'openid email' },
      change: 'clients:\n  - client_id: "app"',
    },
  })
  const json = shownFault(fault)
  t.ok(ShownFault.safeParse(JSON.parse(JSON.stringify(json))).success)
  const text = linesOfFault(json).join('\n')
  for (const part of [
    'invalid_grant (400) at POST /token',
    'expected  scope: openid',
    'came      scope: openid email',
    'check     scope_not_allowed',
    'client    app',
    '      - client_id: "app"',
    fault.cause,
    fault.advice,
  ])
    t.ok(text.includes(part), part)
})

void t.test('error ids', async (t) => {
  t.ok(isErrorId('AZaz09_-AZaz'))
  for (const wrong of [
    '',
    'short',
    'thirteen-char',
    'with space !',
    '../../etc/pw',
    'ä'.repeat(12),
  ])
    t.notOk(isErrorId(wrong), wrong)
})

void t.test('every check has its words, and docs/errors.md is the table of them', async (t) => {
  const path = new URL('../../../../../../docs/errors.md', import.meta.url)
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, check, cause, fix] = /^\| `(\w+)` +\| (.*?) +\| (.*?) +\|$/.exec(line) ?? []
      return check === undefined ? [] : [[check, cause, fix]]
    })
  const areas = Object.values(CHECKS_BY_AREA).flatMap((area) => Object.entries<CheckWords>(area))
  t.same(
    rows,
    areas.map(([check, { cause, fix }]) => [check, cause, fix]),
    'the table says what the checks say',
  )
  t.ok(rows.length > 60)
  t.equal(new Set(areas.map(([check]) => check)).size, areas.length, 'no name twice')
  for (const [check] of areas) t.ok(isCheck(check) && wordsOf(check).cause.endsWith('.'), check)
})

void t.test('the budget: so many a second, and of one likeness so many a minute', async (t) => {
  const sizes = { perSecond: 2, burst: 5, alikePerMinute: 3 }
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  const all = createFaultBudget(sizes)
  const taken = (budget: typeof all, likeness: (n: number) => string, time: Date) =>
    Array.from({ length: 100 }, (_, n) => budget.allows(likeness(n), time)).filter(Boolean).length
  t.equal(taken(all, String, at(0)), 5, 'a burst')
  t.equal(taken(all, String, at(1)), 2)
  t.equal(taken(all, String, at(1)), 0)
  t.equal(taken(all, String, at(60)), 5, 'no more than a burst after a quiet minute')
  t.equal(taken(all, String, at(30)), 0, 'a clock set back gives nothing')
  const alike = createFaultBudget({ ...sizes, burst: 50 })
  t.equal(
    taken(alike, () => 'same', at(0)),
    3,
  )
  t.ok(alike.allows('other', at(0)), 'others are heard meanwhile')
  t.equal(
    taken(alike, () => 'same', at(60)),
    3,
    'and the same again a minute later',
  )
})

function fault(n: number): Fault {
  return faultOf({ ...base, id: `id-${String(n).padStart(9, '0')}`, path: '/token' })
}

const endless = { allows: () => true }

void t.test('the journal: an answer never waits, and never fails', async (t) => {
  const kept: Fault[] = []
  const errors: unknown[] = []
  let away = true
  const journal = createFaultJournal({
    clock: () => now,
    budget: endless,
    onError: (error) => errors.push(error),
    store: {
      async keep(batch) {
        if (away) throw new Error('the database is away')
        kept.push(...batch)
      },
      find: async (id) => kept.find((one) => one.id === id),
    },
  })
  for (let n = 0; n < 5000; n += 1) journal.note(fault(n), 'peer')
  await journal.flush()
  t.equal(kept.length, 0)
  t.ok(errors.length >= 1)
  t.equal((await journal.find(fault(3).id))?.id, fault(3).id, 'known before it is written')
  away = false
  await journal.flush()
  t.equal(kept.length, 500, 'what waits is bounded')
  t.equal(new Set(kept.map(({ id }) => id)).size, 500, 'and written once')
  journal.note(fault(9000), 'peer')
  await journal.close()
  t.equal(kept.length, 501, 'closing writes the rest')
  journal.note(fault(9001), 'peer')
  await journal.flush()
  t.equal(kept.length, 501)
})
