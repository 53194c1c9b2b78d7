// Wrong passwords: budgets per account and per network, and the way round them for the owner of an account.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { Browser, type Person, fieldOf, stepOf } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { bent } from '../helpers/jwt.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { type Answer, isRecord, send } from '../helpers/wire.ts'
import { ada, bob, world } from '../helpers/world.ts'

t.setTimeout(180_000)

const budget = 4
const subject = 'Too many wrong passwords'
const left: Person[] = Array.from({ length: 40 }, (_, n) => ({
  email: `person-${n}@example.test`,
  password: `the pass phrase of person ${n}`,
}))

function configured(settings: object): object {
  const base = world({ sign_in_failures_per_hour: budget, ...settings }) as { users: object[] }
  return { ...base, users: [...base.users, ...left] }
}
const identity = await startIdentity(t, { config: configured({}) })
const newBrowser = () => new Browser(identity.issuer)

function somebody(): Person {
  const person = left.shift()
  if (person === undefined) throw new Error('nobody left: make more people')
  return person
}

/** A browser with a form of the sign-in page, which can be sent as often as one likes. */
async function formAt(browser: Browser) {
  const page = await browser.open(`${browser.issuer}/login?switch=1`)
  const csrf = fieldOf(page, 'csrf')
  return async (person: Person, headers = {}) =>
    browser.post(page.url, { csrf, ...person }, headers)
}

async function tryOnce(person: Person, browser = newBrowser(), headers = {}): Promise<Answer> {
  return (await formAt(browser))(person, headers)
}

const wrongly = (person: Person): Person => ({ ...person, password: 'wrong' })

async function useUp(person: Person, issuer = identity.issuer): Promise<Answer> {
  const trying = await formAt(new Browser(issuer))
  for (let tries = 0; tries < budget; tries += 1) await trying(wrongly(person))
  return trying(wrongly(person))
}

async function letterFor({ email }: Person, issuer = identity.issuer) {
  const [letter] = await lettersTo(issuer, email, { count: 1, subject })
  if (letter === undefined) throw new Error(`no letter to ${email}`)
  return letter
}

/** A person whose tries are used up, and the link of the letter. */
async function lockedOut(issuer = identity.issuer) {
  const person = somebody()
  await useUp(person, issuer)
  return { person, link: (await letterFor(person, issuer)).link }
}

const unlockIn = async (browser: Browser, link: string) =>
  browser.submit(await browser.open(link), {})

function isStale(t: Test, answer: Answer, what = '') {
  t.equal(answer.status, 400, what)
  t.match(textOf(answer.body), /This link no longer works/, what)
  t.ok(targetsOf(answer.body).includes('/login'), what)
}

void t.test('the letter: what happened, and one link', async (t) => {
  const person = somebody()
  const answer = await useUp(person)
  t.equal(answer.status, 429)
  t.match(answer.headers.get('retry-after'), /^[1-9]\d*$/)
  t.match(textOf(answer.body), /look into its mailbox/, 'the page says where the way on is')
  const letter = await letterFor(person)
  t.match(letter.link, `${identity.issuer}/unlock?token=`)
  t.equal(letter.text.split('http').length, 2)
  t.notMatch(letter.text, person.email)
})

void t.test(
  'one letter a window, however many try; none before the tries are used up',
  async (t) => {
    const person = somebody()
    const trying = await formAt(newBrowser())
    for (let tries = 0; tries < budget; tries += 1)
      t.equal((await trying(wrongly(person))).status, 401)
    t.same(await lettersTo(identity.issuer, person.email, { count: 0 }), [])
    await Promise.all(Array.from({ length: 20 }, async () => trying(wrongly(person))))
    await letterFor(person)
    identity.clock.advance(3000)
    t.equal((await trying(wrongly(person))).status, 429)
    identity.clock.advance(700)
    await useUp(person)
    t.equal(
      (await lettersTo(identity.issuer, person.email, { count: 2 })).length,
      2,
      'a new window',
    )
  },
)

void t.test('at most ten letters a day', async (t) => {
  const person = somebody()
  for (let window = 0; window < 13; window += 1) {
    await useUp(person)
    identity.clock.advance(3601)
  }
  const other = somebody()
  await useUp(other)
  await letterFor(other)
  t.equal((await lettersTo(identity.issuer, person.email, { count: 10 })).length, 10)
})

void t.test('an unknown account is locked just like a known one, and nobody is told', async (t) => {
  const seen: string[] = []
  for (const email of [somebody().email, 'nobody-at-all@example.test']) {
    const answer = await useUp({ email, password: 'wrong' })
    const names = [...answer.headers.keys()].filter((name) => name !== 'content-length')
    const words = textOf(answer.body)
      .replaceAll(email, 'EMAIL')
      .replaceAll(/\d+ minutes/g, '')
    seen.push(`${answer.status} ${names.toSorted().join()} ${words}`)
  }
  t.equal(seen[0], seen[1])
  t.same(await lettersTo(identity.issuer, 'nobody-at-all@example.test', { count: 0 }), [])
})

void t.test('the letter speaks the language of the page', async (t) => {
  for (const [language, inWords] of [
    ['de', 'Zu viele falsche Passwörter'],
    ['ar', 'كلمات مرور خاطئة كثيرة'],
  ] as const) {
    const person = somebody()
    const headers = { 'accept-language': language }
    for (let tries = 0; tries <= budget; tries += 1)
      await tryOnce(wrongly(person), newBrowser(), headers)
    const [letter] = await lettersTo(identity.issuer, person.email, { count: 1 })
    t.equal(letter?.subject, inWords)
    t.match(letter?.html, `<html lang="${language}"`)
  }
})

void t.test('unlocked, the owner signs in where strangers wait', async (t) => {
  const { person, link } = await lockedOut()
  t.equal((await tryOnce(person)).status, 429)
  const browser = newBrowser()
  const page = await browser.open(link)
  t.equal(page.status, 200)
  t.match(textOf(page.body), person.email)
  t.equal(page.headers.get('referrer-policy'), 'no-referrer')
  const done = await browser.submit(page, {})
  t.match(done.url, /\/login\?unlocked=yes$/)
  t.match(textOf(done.body), 'This browser is unlocked')
  t.notOk(browser.cookies.has('signet_session'), 'it signs nobody in')
  t.equal((await tryOnce(person)).status, 429, 'and resets nothing for strangers')
  t.equal((await tryOnce(person, browser)).status, 303)
})

void t.test('an unlocked browser has tries of its own, and not without end', async (t) => {
  const { person, link } = await lockedOut()
  const browser = newBrowser()
  await unlockIn(browser, link)
  const trying = await formAt(browser)
  const statuses: number[] = []
  for (let tries = 0; tries <= budget; tries += 1)
    statuses.push((await trying(wrongly(person))).status)
  t.same(statuses, [401, 401, 401, 401, 429])
})

void t.test('scanners that open the link use nothing up', async (t) => {
  const { person, link } = await lockedOut()
  for (let look = 0; look < 3; look += 1) {
    t.equal((await newBrowser().open(link)).status, 200)
    t.equal((await send(link, { method: 'HEAD' })).status, 200)
  }
  const browser = newBrowser()
  await browser.open(link)
  t.equal((await tryOnce(person, browser)).status, 429, 'looking unlocks nothing')
  await unlockIn(browser, link)
  t.equal((await tryOnce(person, browser)).status, 303)
})

void t.test('used, it works in no other browser, and again in its own', async (t) => {
  const { person, link } = await lockedOut()
  const [mine, other] = [newBrowser(), newBrowser()]
  const page = await mine.open(link)
  const open = await other.open(link)
  await mine.submit(page, {})
  isStale(t, await other.submit(open, {}), 'a form that was open')
  isStale(t, await other.open(link))
  t.equal((await tryOnce(person, other)).status, 429)
  const lost = mine.twin()
  lost.cookies.delete('signet_device')
  t.match((await lost.submit(page, {})).url, /unlocked=yes/, 'an answer that was lost')
  t.equal((await tryOnce(person, lost)).status, 303)
})

void t.test('twenty browsers at once: one is unlocked (invariant 2)', async (t) => {
  const { person, link } = await lockedOut()
  const tries = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const browser = newBrowser()
      return { browser, page: await browser.open(link) }
    }),
  )
  const answers = await Promise.all(
    tries.map(async ({ browser, page }) => browser.submit(page, {})),
  )
  t.equal(answers.filter(({ url }) => url.includes('unlocked=yes')).length, 1)
  t.equal(answers.filter(({ status }) => status === 400).length, 19)
  const known = tries.filter(({ browser }) => browser.cookies.has('signet_device'))
  t.equal(known.length, 1)
  t.equal((await tryOnce(person, known[0]?.browser)).status, 303)
})

void t.test('it lives an hour, and an open form no longer', async (t) => {
  const { person, link } = await lockedOut()
  const browser = newBrowser()
  identity.clock.advance(3590)
  const page = await browser.open(link)
  t.equal(page.status, 200)
  identity.clock.advance(20)
  isStale(t, await browser.submit(page, {}))
  isStale(t, await newBrowser().open(link))
  t.notOk(browser.cookies.has('signet_device'))
  t.equal((await tryOnce(person)).status, 303, 'by now nobody waits')
})

void t.test('another account’s link unlocks that account alone', async (t) => {
  const [mine, other] = [await lockedOut(), await lockedOut()]
  const browser = newBrowser()
  await unlockIn(browser, other.link)
  t.equal((await tryOnce(mine.person, browser)).status, 429)
  t.equal((await tryOnce(other.person, browser)).status, 303)
})

void t.test('other accounts of the browser stay known', async (t) => {
  const { person, link } = await lockedOut()
  const browser = newBrowser()
  await tryOnce(bob, browser)
  await unlockIn(browser, link)
  t.equal((await tryOnce(person, browser)).status, 303)
  await useUp(bob)
  t.equal((await tryOnce(bob, browser)).status, 303)
})

void t.test('what is no link of ours unlocks nothing', async (t) => {
  const { person, link } = await lockedOut()
  const reset = newBrowser()
  const asked = await reset.open(`${identity.issuer}/forgot-password`)
  await reset.submit(asked, { email: person.email })
  const [letter] = await lettersTo(identity.issuer, person.email, {
    count: 1,
    subject: 'Choose a new password',
  })
  const token = new URL(link).searchParams.get('token') ?? ''
  const recovery = new URL(letter?.link ?? '').searchParams.get('token') ?? ''
  const browser = newBrowser()
  const csrf = fieldOf(await browser.open(link), 'csrf')
  const others = [recovery, bent(token), token.slice(0, -1), `${token}A`, '', 'x', '\0', "' OR 1=1"]
  for (const wrong of others) {
    const url = `${identity.issuer}/unlock?token=${encodeURIComponent(wrong)}`
    isStale(t, await browser.open(url), JSON.stringify(wrong))
    isStale(t, await browser.post(url, { csrf }), JSON.stringify(wrong))
  }
  isStale(t, await browser.open(`${identity.issuer}/unlock`))
  isStale(t, await browser.open(`${link}&token=${token}`), 'repeated')
  const forgot = `${identity.issuer}/reset-password?token=${encodeURIComponent(token)}`
  t.equal((await browser.open(forgot)).status, 400, 'nor is it a link for a new password')
  t.notOk(browser.cookies.has('signet_device'))
  t.equal((await browser.open(link)).status, 200, 'the link itself is still good')
})

void t.test('a form of another site or browser unlocks nothing', async (t) => {
  const { link } = await lockedOut()
  const browser = newBrowser()
  const csrf = fieldOf(await browser.open(link), 'csrf')
  const foreign = fieldOf(await newBrowser().open(link), 'csrf')
  for (const [form, headers] of [
    [{ csrf: '' }, {}],
    [{ csrf: foreign }, {}],
    [{ csrf }, { 'sec-fetch-site': 'cross-site' }],
  ] as const)
    t.equal((await browser.post(link, form, headers)).status, 403)
  t.notOk(browser.cookies.has('signet_device'))
  t.match((await unlockIn(newBrowser(), link)).url, /unlocked=yes/, 'it is still unused')
})

void t.test('the budget of a network', async (t) => {
  const few = await startIdentity(t, {
    config: configured({
      sign_in_failures_per_hour: 100,
      sign_in_failures_per_hour_and_network: 6,
    }),
  })
  const at = () => new Browser(few.issuer)
  const known = at()
  t.equal((await tryOnce(ada, known)).status, 303)
  await t.test('right passwords are no failures', async (t) => {
    for (let n = 0; n < 9; n += 1) t.equal((await tryOnce(bob, at())).status, 303)
  })
  await t.test('wrong ones are, whatever the account and whatever headers say', async (t) => {
    const trying = await formAt(at())
    const statuses = []
    for (let n = 0; n < 9; n += 1) {
      const headers = {
        'x-forwarded-for': `203.0.113.${n}`,
        forwarded: `for=203.0.113.${n}`,
        'x-real-ip': `203.0.113.${n}`,
      }
      const answer = await trying({ email: `nobody-${n}@example.test`, password: 'x' }, headers)
      if (answer.status === 429) t.match(answer.headers.get('retry-after'), /^[1-9]\d*$/)
      statuses.push(answer.status)
    }
    t.same(statuses, [401, 401, 401, 401, 401, 401, 429, 429, 429])
  })
  await t.test('spent: strangers wait, a known device does not, no letter is sent', async (t) => {
    const stranger = await tryOnce(bob, at())
    t.equal(stranger.status, 429)
    t.equal(stepOf(stranger), 'login')
    t.equal((await tryOnce(ada, known)).status, 303)
    t.same(await lettersTo(few.issuer, bob.email, { count: 0, subject }), [])
  })
  await t.test('what waits uses up no account: after the hour all is as before', async (t) => {
    for (let n = 0; n < 120; n += 1) t.equal((await tryOnce(wrongly(bob), at())).status, 429)
    few.clock.advance(3601)
    t.equal((await tryOnce(bob, at())).status, 303)
  })
})

const skip = await withoutPostgres()
/** Processes start, and hundreds of requests wait for two cores. */
const patient = { timeout: 120_000 }

void t.test('over two processes', { skip, ...patient }, async (t) => {
  const perAccount = 25
  const { issuer, origins } = await startProcesses(t, {
    config: configured({ sign_in_failures_per_hour: perAccount }),
    count: 2,
  })
  const [north = issuer, south = issuer] = origins
  const person = somebody()

  await t.test(
    '300 parallel wrong passwords: exactly the budget is checked',
    patient,
    async (t) => {
      const owner = new Browser(issuer, north)
      t.equal((await tryOnce(person, owner)).status, 303)
      const attackers = await Promise.all([
        formAt(new Browser(issuer, north)),
        formAt(new Browser(issuer, south)),
      ])
      const flood = Promise.all(
        Array.from({ length: 300 }, async (_, n) => attackers[n % 2]?.(wrongly(person))),
      )
      const meanwhile = await Promise.all(
        [north, south].map(async (origin) => {
          owner.origin = origin
          return tryOnce(person, owner)
        }),
      )
      const statuses = (await flood).map((answer) => answer?.status)
      t.same(
        meanwhile.map(({ status }) => status),
        [303, 303],
        'the owner signs in on a known device',
      )
      t.equal(statuses.filter((status) => status === 401).length, perAccount)
      t.equal(statuses.filter((status) => status === 429).length, 300 - perAccount)
      t.equal(
        (await lettersTo(issuer, person.email, { count: 1, subject })).length,
        1,
        'one letter',
      )
    },
  )

  await t.test('a link used at one process is used at the other', patient, async (t) => {
    const { link } = await letterFor(person, issuer)
    const tries = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const browser = new Browser(issuer, n % 2 === 0 ? north : south)
        return { browser, page: await browser.open(link) }
      }),
    )
    const answers = await Promise.all(
      tries.map(async ({ browser, page }) => browser.submit(page, {})),
    )
    t.equal(answers.filter(({ url }) => url.includes('unlocked=yes')).length, 1)
    t.equal(answers.filter(({ status }) => status === 400).length, 19)
  })
})

void t.test('a network’s budget over two processes', { skip, ...patient }, async (t) => {
  const perNetwork = 25
  const { issuer, origins } = await startProcesses(t, {
    config: configured({
      sign_in_failures_per_hour: 100,
      sign_in_failures_per_hour_and_network: perNetwork,
    }),
    count: 2,
  })
  const attackers = await Promise.all(
    origins.map(async (origin) => formAt(new Browser(issuer, origin))),
  )
  const answers = await Promise.all(
    Array.from({ length: 120 }, async (_, n) =>
      attackers[n % 2]?.({ email: `nobody-${n}@example.test`, password: 'wrong' }),
    ),
  )
  const statuses = answers.map((answer) => answer?.status)
  t.equal(statuses.filter((status) => status === 401).length, perNetwork)
  t.equal(statuses.filter((status) => status === 429).length, 120 - perNetwork)
})

void t.test('with a hand in the database', { skip, ...patient }, async (t) => {
  const at = await startIdentity(t, { config: configured({}), database: 'postgres' })
  const { db, close } = await openDatabase(at.databaseUrl ?? '')
  t.teardown(close)
  const run = async (statement: ReturnType<typeof sql>) => rowsOf(await db.execute(statement))
  const eventsOf = async ({ email }: Person) =>
    (
      await run(sql`select event from audit join users on users.id = user_id
        where email = ${email} and event like 'sign_in_unlock%' order by audit.id`)
    ).map((row) => isRecord(row) && row['event'])

  await t.test('letter and use are on record, once each', async (t) => {
    const { person, link } = await lockedOut(at.issuer)
    const browser = new Browser(at.issuer)
    const page = await browser.open(link)
    await browser.submit(page, {})
    await browser.submit(page, {})
    t.same(await eventsOf(person), ['sign_in_unlock_mailed', 'sign_in_unlocked'])
    const throttled = await run(
      sql`select distinct detail from audit where event = 'sign_in_throttled'`,
    )
    t.same(throttled, [{ detail: { by: 'account' } }])
  })

  for (const [what, change] of [
    [
      'disabled',
      (email: string) => sql`update users set disabled_at = now() where email = ${email}`,
    ],
    [
      'with another address',
      (email: string) => sql`update users set email = 'new-' || email where email = ${email}`,
    ],
    ['deleted', (email: string) => sql`delete from users where email = ${email}`],
  ] as const)
    await t.test(`a link dies with a change: ${what}`, async (t) => {
      const { person, link } = await lockedOut(at.issuer)
      const browser = new Browser(at.issuer)
      const page = await browser.open(link)
      t.equal(page.status, 200)
      await run(change(person.email))
      isStale(t, await browser.submit(page, {}))
      isStale(t, await browser.open(link))
      t.notOk(browser.cookies.has('signet_device'))
    })

  await t.test('nobody is told of an account that cannot be signed in to', async (t) => {
    const [disabled, bare, last] = [somebody(), somebody(), somebody()]
    await run(sql`update users set disabled_at = now() where email = ${disabled.email}`)
    await run(
      sql`delete from passwords where user_id = (select id from users where email = ${bare.email})`,
    )
    for (const person of [disabled, bare, last])
      t.equal((await useUp(person, at.issuer)).status, 429)
    await letterFor(last, at.issuer)
    for (const { email } of [disabled, bare])
      t.same(await lettersTo(at.issuer, email, { count: 0 }), [])
  })

  await t.test('the answer waits for nothing that is looked up', async (t) => {
    const person = somebody()
    const nobody = { email: 'nobody@example.test', password: 'wrong' }
    const [known, unknown] = [
      await formAt(new Browser(at.issuer)),
      await formAt(new Browser(at.issuer)),
    ]
    for (let tries = 0; tries < budget; tries += 1) {
      await known(wrongly(person))
      await unknown(nobody)
    }
    await db.transaction(async (tx) => {
      await tx.execute(sql`lock table users, outbox in access exclusive mode`)
      t.equal((await known(wrongly(person))).status, 429)
      t.equal((await unknown(nobody)).status, 429)
    })
    await letterFor(person, at.issuer)
  })
})
