// Passkeys over HTTP, by an authenticator in software: what counts as one, and all that does not.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { rowsOf } from '../../src/platform/db/rows.ts'
import { Browser, type Person, fieldOf, formWith, mustReturn, stepOf } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity, startProcesses } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { lettersTo } from '../helpers/mailbox.ts'
import { crowd } from '../helpers/own-account.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { factorRoom } from '../helpers/second-factor.ts'
import {
  type Defects,
  type PasskeyKind,
  SoftwarePasskey,
  passkeyOptions,
} from '../helpers/software-passkey.ts'
import type { Answer } from '../helpers/wire.ts'
import { ada, judge, world } from '../helpers/world.ts'

t.setTimeout(240_000)

const { people, somebody } = crowd(40, 'keyholder')
const base = world() as { users: object[]; settings: object }
const config = { ...base, users: [...base.users, ...people] }
const why = await withoutPostgres()

/** A passkey that is somebody's, and the browser that it was added in. */
interface Held {
  readonly person: Person
  readonly passkey: SoftwarePasskey
  readonly browser: Browser
}

function at(issuer: string, origin = issuer) {
  const visitor = () => new Browser(issuer, origin)
  const rp = new RelyingParty(new Provider(issuer, origin), judge)

  async function signedIn(person: Person): Promise<Browser> {
    const browser = visitor()
    await browser.signIn(await browser.open(`${issuer}/login?next=%2Faccount`), person)
    return browser
  }
  async function add(browser: Browser, passkey: SoftwarePasskey, defects: Defects = {}) {
    const page = await browser.open(`${issuer}/account/passkeys/add`)
    const answer = passkey.create(passkeyOptions(page.body), defects)
    return browser.follow(await browser.post(page.url, { csrf: fieldOf(page, 'csrf'), answer }))
  }
  async function held(
    person = somebody(),
    kind: PasskeyKind = {},
    defects: Defects = {},
  ): Promise<Held> {
    const browser = await signedIn(person)
    const passkey = new SoftwarePasskey(issuer, kind)
    const added = await add(browser, passkey, defects)
    if (!textOf(added.body).includes('Your passkey was added')) throw new Error(textOf(added.body))
    return { person, passkey, browser }
  }
  /** Answers the page that asks for a passkey, without following. */
  async function answer(browser: Browser, page: Answer, text: string, path = '/passkey') {
    const query = new URL(page.url).search
    const csrf = fieldOf(page, 'csrf')
    return browser.post(`${issuer}${path}${query}`, { csrf, answer: text })
  }
  async function signIn(passkey: SoftwarePasskey, defects: Defects = {}, browser = visitor()) {
    const page = await browser.open(`${issuer}/login`)
    return answer(browser, page, passkey.get(passkeyOptions(page.body), defects))
  }
  /** The page that asks for the passkey after the password. */
  async function secondPage(person: Person, browser = visitor()) {
    const login = await browser.open(`${issuer}/login`)
    const page = await browser.signIn(login, person)
    return { browser, page }
  }
  async function secondFactor(person: Person, passkey: SoftwarePasskey, defects: Defects = {}) {
    const { browser, page } = await secondPage(person)
    const text = passkey.get(passkeyOptions(page.body), defects)
    return { browser, answered: await answer(browser, page, text, '/mfa/passkey') }
  }
  const isIn = async (browser: Browser) =>
    stepOf(await browser.open(`${issuer}/account`)) !== 'login'
  return { visitor, rp, signedIn, add, held, answer, signIn, secondPage, secondFactor, isIn }
}

function isRefused(t: Test, answered: Answer, what = '') {
  t.equal(answered.status, 401, what)
  t.match(textOf(answered.body), /That passkey didn’t work/, what)
}

async function service(t: Test) {
  const identity = await startIdentity(t, { config, database: 'postgres' })
  const room = await factorRoom(t, identity.databaseUrl ?? '')
  return { identity, room, ...at(identity.issuer) }
}

void t.test('on the embedded database: add, sign in, sign in again', async (t) => {
  const { issuer } = await startIdentity(t, { config })
  const { held, signIn, isIn, visitor } = at(issuer)
  const { passkey } = await held(undefined, { counts: true })
  for (const round of [1, 2]) {
    const browser = visitor()
    const answered = await signIn(passkey, {}, browser)
    t.equal(`${answered.status} ${answered.headers.get('location') ?? ''}`, '303 /', `${round}`)
    t.ok(await isIn(browser))
  }
})

void t.test('passkeys', { skip: why }, async (t) => {
  const here = await service(t)
  const { identity, room, visitor, rp, signedIn, add, held, answer, signIn, isIn } = here
  const { issuer } = identity
  const { db } = room.database

  await t.test(
    'added: named by its maker, told by mail, recorded, and shown at once',
    async (t) => {
      const aaguid = 'bada5566-a7aa-401f-bd96-45619a55120d'
      const { person, browser } = await held(undefined, { aaguid, synced: true })
      const page = await browser.open(`${issuer}/account/passkeys`)
      const text = textOf(page.body)
      for (const part of ['1Password', 'Not used yet', 'Synced between', 'your only passkey'])
        t.match(text, part)
      const [letter] = await lettersTo(issuer, person.email, { count: 1 })
      t.equal(letter?.subject, 'A passkey was added to your account')
      t.match(letter?.link, '/not-me?token=')
      const id = await room.userId(person)
      t.equal(await room.audited('passkey_added', id), 1)
      const [session] = await room.liveSessions(id)
      t.same([session?.acr, session?.amr], ['aal2', ['pwd', 'swk', 'user', 'mfa']])
    },
  )

  await t.test('signing in by it alone is worth aal2, and says so truthfully', async (t) => {
    const { passkey, person } = await held()
    const browser = visitor()
    const request = await rp.request()
    const page = await browser.open(request.url)
    const text = passkey.get(passkeyOptions(page.body))
    const landing = await browser.walk(await browser.follow(await answer(browser, page, text)))
    const { idToken } = tokensOf(await rp.redeem(request, mustReturn(landing)))
    const { acr, amr } = decodeJwt(idToken).claims
    t.same([acr, amr], ['aal2', ['hwk', 'user', 'mfa']])
    const [session] = (await room.liveSessions(await room.userId(person))).slice(-1)
    t.same([session?.acr, session?.amr], ['aal2', ['hwk', 'user', 'mfa']])
  })

  await t.test('a page of its own asks for it as well, with the way to the password', async (t) => {
    const { passkey } = await held()
    const browser = visitor()
    const page = await browser.open(`${issuer}/passkey?next=%2Faccount%2Fprofile`)
    t.ok(targetsOf(page.body).includes('/login?next=%2Faccount%2Fprofile'))
    const done = await answer(browser, page, passkey.get(passkeyOptions(page.body)))
    t.equal(done.headers.get('location'), '/account/profile')
  })

  const defects: Readonly<Record<string, Defects>> = {
    'user not verified': { unverified: true },
    'user not present': { absent: true, unverified: true },
    'another origin': { origin: 'https://evil.example.test' },
    'the port next door': { origin: 'http://localhost:1' },
    'another relying party': { rpId: 'evil.example.test' },
    'a made-up challenge': { challenge: Buffer.alloc(32, 1).toString('base64url') },
    'no challenge': { challenge: '' },
    'the answer to a registration': { type: 'webauthn.create' },
    'from a frame of another site': { crossOrigin: true },
    'another backup eligibility': { backupEligible: true },
    'no user handle': { userHandle: null },
    'another user handle': { userHandle: Buffer.alloc(16, 7).toString('base64url') },
    'a broken signature': { brokenSignature: true },
  }
  await t.test('whatever is wrong with an answer, it is one refusal', async (t) => {
    const { passkey, person } = await held()
    const id = await room.userId(person)
    const before = (await room.liveSessions(id)).length
    for (const [name, defect] of Object.entries(defects)) {
      const browser = visitor()
      isRefused(t, await signIn(passkey, defect, browser), name)
      t.notOk(await isIn(browser), name)
    }
    const stranger = new SoftwarePasskey(issuer)
    stranger.userHandle = passkey.userHandle
    isRefused(t, await signIn(stranger), 'a key that nobody has')
    t.equal((await room.liveSessions(id)).length, before, 'no session came of it')
    t.equal((await signIn(passkey)).status, 303, 'and the right one still works')
  })

  await t.test(
    'what is no answer at all is refused the same way, and too long is short work',
    async (t) => {
      const browser = visitor()
      const page = await browser.open(`${issuer}/login`)
      for (const text of ['', '{}', 'null', '[]', '"x"', '{"id":1}', 'x'.repeat(20_000)])
        isRefused(t, await answer(browser, page, text), text.slice(0, 10))
      const csrf = fieldOf(page, 'csrf')
      const twice = new URLSearchParams([
        ['csrf', csrf],
        ['answer', 'a'],
        ['answer', 'b'],
      ])
      t.equal((await browser.post(`${issuer}/passkey`, twice)).status, 400)
      t.equal((await browser.post(`${issuer}/passkey`, { answer: '{}' })).status, 403, 'no token')
    },
  )

  await t.test('a challenge is for one browser, one use and one answer', async (t) => {
    const { passkey } = await held()
    const [browser, other] = [visitor(), visitor()]
    const page = await browser.open(`${issuer}/login`)
    const otherPage = await other.open(`${issuer}/login`)
    const text = passkey.get(passkeyOptions(page.body))
    isRefused(t, await answer(other, otherPage, text), 'in another browser')
    t.equal((await answer(browser, page, text)).status, 303)
    isRefused(t, await answer(browser, page, text), 'the same post again')
  })

  await t.test('a challenge that is too old is none', async (t) => {
    const { passkey } = await held()
    const browser = visitor()
    const page = await browser.open(`${issuer}/login`)
    const text = passkey.get(passkeyOptions(page.body))
    identity.clock.advance(3601)
    isRefused(t, await answer(browser, page, text))
  })

  await t.test(
    'a counter that does not rise: refused, recorded, told; zero is no counter',
    async (t) => {
      const { passkey, person } = await held(undefined, { counts: true })
      const id = await room.userId(person)
      t.equal((await signIn(passkey, { counter: 10 })).status, 303)
      isRefused(t, await signIn(passkey, { counter: 10 }), 'the same')
      isRefused(t, await signIn(passkey, { counter: 4 }), 'back')
      isRefused(t, await signIn(passkey, { counter: 0 }), 'gone')
      t.equal(await room.audited('passkey_cloned', id), 3)
      const letters = await lettersTo(issuer, person.email, {
        count: 3,
        subject: 'We refused one of your passkeys',
      })
      t.equal(letters.length, 3)
      t.equal((await signIn(passkey, { counter: 11 })).status, 303, 'on it goes')
      isRefused(t, await signIn(passkey, { counter: 9, brokenSignature: true }))
      t.equal(await room.audited('passkey_cloned', id), 3, 'nobody cries clone without the key')
    },
  )

  await t.test('disabled, and leaving: the same refusal', async (t) => {
    const gone = await held()
    await room.disable(await room.userId(gone.person), new Date())
    isRefused(t, await signIn(gone.passkey))
    const leaving = await held()
    const id = await room.userId(leaving.person)
    await db.execute(sql`update users set leaves_at = now() + interval '1 day' where id = ${id}`)
    isRefused(t, await signIn(leaving.passkey))
  })

  await t.test('as second factor: one’s own, verified or not', async (t) => {
    const { passkey, person } = await held()
    const id = await room.userId(person)
    const { browser, page } = await here.secondPage(person)
    t.equal(pathOf(page), '/mfa/passkey')
    t.notOk(await isIn(browser.twin()), 'the password alone is no session')
    const text = passkey.get(passkeyOptions(page.body), { unverified: true, userHandle: null })
    t.equal((await answer(browser, page, text, '/mfa/passkey')).status, 303)
    t.ok(await isIn(browser))
    const [session] = (await room.liveSessions(id)).slice(-1)
    t.same([session?.acr, session?.amr], ['aal2', ['pwd', 'hwk', 'mfa']])
  })

  await t.test('as second factor: nobody else’s, and no answer to another question', async (t) => {
    const { passkey, person } = await held()
    const other = await held()
    const foreign = await here.secondFactor(person, other.passkey)
    isRefused(t, foreign.answered, 'another person’s')
    t.notOk(await isIn(foreign.browser))
    for (const name of [
      'another origin',
      'another relying party',
      'a made-up challenge',
      'user not present',
      'a broken signature',
      'another user handle',
    ])
      isRefused(t, (await here.secondFactor(person, passkey, defects[name])).answered, name)
    // A challenge for signing in is none for a second factor, nor the other way round.
    const { browser, page } = await here.secondPage(person)
    const login = await browser.open(`${issuer}/passkey`)
    const forSignIn = passkey.get(passkeyOptions(login.body))
    isRefused(t, await answer(browser, page, forSignIn, '/mfa/passkey'), 'made for signing in')
    const forSecond = passkey.get(passkeyOptions(page.body))
    isRefused(t, await answer(browser, login, forSecond), 'made for a second factor')
    t.equal((await answer(browser, page, forSecond, '/mfa/passkey')).status, 303)
  })

  await t.test('as second factor: out of the budget of all second factors', async (t) => {
    const { passkey, person } = await held()
    const { browser, page } = await here.secondPage(person)
    for (let tries = 0; tries < 10; tries += 1)
      isRefused(t, await answer(browser, page, '{}', '/mfa/passkey'))
    const right = passkey.get(passkeyOptions(page.body))
    const spent = await answer(browser, page, right, '/mfa/passkey')
    t.equal(spent.status, 429)
    t.ok(Number(spent.headers.get('retry-after')) > 0)
    t.notOk(await isIn(browser))
    t.equal((await signIn(passkey)).status, 303, 'who has the key itself is not kept out')
  })

  await t.test('in a session: a change asks for it, and goes on', async (t) => {
    const { passkey, person } = await held()
    const { browser, page } = await here.secondPage(person)
    const text = passkey.get(passkeyOptions(page.body))
    await answer(browser, page, text, '/mfa/passkey')
    identity.clock.advance(601)
    const login = await browser.open(`${issuer}/account/passkeys/add`)
    t.equal(stepOf(login), 'login', 'confirm that it is you')
    const again = passkey.get(passkeyOptions(login.body))
    const done = await answer(browser, login, again)
    t.equal(done.headers.get('location'), '/account/passkeys/add', 'by the passkey alone')
  })

  await t.test('what is no new passkey is not added', async (t) => {
    const browser = await signedIn(ada)
    const wrong: Readonly<Record<string, Defects>> = {
      'another origin': { origin: 'https://evil.example.test' },
      'another relying party': { rpId: 'evil.example.test' },
      'a made-up challenge': { challenge: Buffer.alloc(32, 1).toString('base64url') },
      'the answer to a sign-in': { type: 'webauthn.get' },
      'from a frame': { crossOrigin: true },
      'not verified': { unverified: true },
      'no CBOR': { attestation: Buffer.from('{}') },
      'CBOR without an end': { attestation: Buffer.from([0xbb, 0, 0, 0, 0xff]) },
      'CBOR of a great depth': { attestation: Buffer.alloc(11_000, 0x81) },
      'CBOR that holds nothing': { attestation: Buffer.from([0xa0]) },
    }
    for (const [name, defect] of Object.entries(wrong)) {
      const page = await add(browser, new SoftwarePasskey(issuer), defect)
      t.equal(page.status, 422, name)
      t.match(textOf(page.body), /was not added/, name)
    }
    const { passkey } = await held()
    const taken = await add(browser, passkey)
    t.equal(taken.status, 422, 'somebody else’s')
    const page = await browser.open(`${issuer}/account/passkeys/add`)
    const options = passkeyOptions(page.body)
    const mine = new SoftwarePasskey(issuer)
    const text = mine.create(options)
    const other = await signedIn(somebody())
    const theirs = await other.open(`${issuer}/account/passkeys/add`)
    t.equal(
      (await answer(other, theirs, text, '/account/passkeys/add')).status,
      422,
      'made for ada',
    )
    t.equal((await answer(browser, page, text, '/account/passkeys/add')).status, 303)
    const fresh = await browser.open(`${issuer}/account/passkeys/add`)
    const [excluded] = passkeyOptions(fresh.body)['excludeCredentials'] as { id: string }[]
    t.equal(excluded?.id, mine.credentialId, 'browsers are told what there is')
    t.equal((await answer(browser, fresh, text, '/account/passkeys/add')).status, 422, 'twice')
    const id = await room.userId(ada)
    t.equal(await room.audited('passkey_added', id), 1)
  })

  await t.test('who says to have made it is not looked at', async (t) => {
    for (const attestation of ['packed', 'tpm', 'android-key', 'apple', 'fido-u2f', 'made-up']) {
      const { passkey } = await held(undefined, {}, { attestation })
      t.equal((await signIn(passkey)).status, 303, attestation)
    }
  })

  await t.test('renamed and removed by its person only, and then it opens nothing', async (t) => {
    const { passkey, person, browser } = await held()
    const other = await held()
    const list = await browser.open(`${issuer}/account/passkeys`)
    const href = targetsOf(list.body).find((target) => target.includes('/one?id=')) ?? ''
    const page = await browser.open(`${issuer}${href}`)
    const foreign = await other.browser.get(`${issuer}${href}`)
    t.equal(foreign.status, 404, 'another person’s is not found')
    const own = targetsOf((await other.browser.open(`${issuer}/account/passkeys`)).body)
    const ownHref = own.find((target) => target.includes('/one?id=')) ?? ''
    const ownPage = await other.browser.open(`${issuer}${ownHref}`)
    for (const action of ['rename', 'remove']) {
      const csrf = fieldOf(ownPage, 'csrf')
      const theirs = await other.browser.post(`${issuer}${href}`, { csrf, action, name: 'Mine' })
      t.equal(theirs.status, 404, action)
      const forged = await browser.post(page.url, { csrf, action, name: 'Mine' })
      t.equal(forged.status, 403, `${action} with the token of another browser`)
    }
    for (const name of ['', ' \t\n ', 'x'.repeat(61)]) {
      const refused = await browser.submit(page, { name }, { name: 'action', value: 'rename' })
      t.equal(refused.status, 422)
    }
    const renamed = await browser.submit(
      page,
      { name: '  My\n“blue” <b>phone</b> ' },
      { name: 'action', value: 'rename' },
    )
    t.match(textOf(renamed.body), 'My “blue” <b>phone</b>')
    const removed = await browser.submit(page, {}, { name: 'action', value: 'remove' })
    t.match(textOf(removed.body), /The passkey was removed/)
    isRefused(t, await signIn(passkey))
    t.equal(await room.audited('passkey_removed', await room.userId(person)), 1)
    const subject = 'A passkey was removed from your account'
    t.equal((await lettersTo(issuer, person.email, { count: 1, subject })).length, 1)
  })

  await t.test('the only way in stays', async (t) => {
    const { passkey, person, browser } = await held()
    const id = await room.userId(person)
    await db.execute(sql`delete from passwords where user_id = ${id}`)
    const list = await browser.open(`${issuer}/account/passkeys`)
    const href = targetsOf(list.body).find((target) => target.includes('/one?id=')) ?? ''
    const page = await browser.open(`${issuer}${href}`)
    const kept = await browser.submit(page, {}, { name: 'action', value: 'remove' })
    t.equal(kept.status, 409)
    t.match(textOf(kept.body), /your only way to sign in/)
    const stranger = visitor()
    t.equal((await signIn(passkey, {}, stranger)).status, 303, 'without a password')
    t.ok(await isIn(stranger))
    await add(browser, new SoftwarePasskey(issuer))
    const again = await browser.open(`${issuer}${href}`)
    const gone = await browser.submit(again, {}, { name: 'action', value: 'remove' })
    t.match(textOf(gone.body), /The passkey was removed/, 'with another one it goes')
  })

  await t.test('a stale sign-in neither adds nor removes', async (t) => {
    const { browser, person } = await held()
    const list = await browser.open(`${issuer}/account/passkeys`)
    const href = targetsOf(list.body).find((target) => target.includes('/one?id=')) ?? ''
    const page = await browser.open(`${issuer}${href}`)
    const adding = await browser.open(`${issuer}/account/passkeys/add`)
    identity.clock.advance(601)
    const csrf = fieldOf(page, 'csrf')
    const removing = await browser.post(page.url, { csrf, action: 'remove' })
    t.match(removing.headers.get('location'), '/login?next=')
    const passkey = new SoftwarePasskey(issuer)
    const text = passkey.create(passkeyOptions(adding.body))
    const added = await answer(browser, adding, text, '/account/passkeys/add')
    t.match(added.headers.get('location'), '/login?next=')
    const id = await room.userId(person)
    const count = sql`select count(*)::int as n from passkeys where user_id = ${id}`
    t.same(rowsOf(await db.execute(count)), [{ n: 1 }])
  })

  await t.test(
    '“this wasn’t me” in the letter: the passkey signs nobody in any more',
    async (t) => {
      const { passkey, person, browser } = await held()
      const subject = 'A passkey was added to your account'
      const [letter] = await lettersTo(issuer, person.email, { count: 1, subject })
      const owner = visitor()
      const page = await owner.open(letter?.link ?? '')
      t.match(textOf(page.body), /Passkeys that were added in the week before our mail, or since/)
      await owner.submit(page, {})
      t.notOk(await isIn(browser), 'signed out')
      isRefused(t, await signIn(passkey))
      t.equal((await owner.open(letter?.link ?? '')).status, 400, 'and the link is used up')
    },
  )

  await t.test(
    'offered after a sign-in, where the browser can, until it is answered',
    async (t) => {
      const person = somebody()
      const able = async () => {
        const browser = visitor()
        browser.cookies.set('signet_passkeys', { value: 'can', path: '/' })
        const page = await browser.open(`${issuer}/login?next=%2Faccount%2Fprofile`)
        t.match(page.body, 'data-passkey-cookie="signet_passkeys"')
        return { browser, offer: await browser.signIn(page, person) }
      }
      const plain = visitor()
      await plain.signIn(await plain.open(`${issuer}/login`), person)
      t.equal(pathOf(await plain.open(`${issuer}/account`)), '/account', 'never without scripts')
      for (const decision of ['later', 'never']) {
        const { browser, offer } = await able()
        t.equal(pathOf(offer), '/passkey/offer')
        t.ok(formWith(offer, [], { name: 'decision', value: decision }))
        const on = await browser.submit(offer, {}, { name: 'decision', value: decision })
        t.equal(pathOf(on), '/account/profile', 'and on')
        t.equal(browser.cookies.get('signet_passkeys')?.value, decision)
        const page = await browser.open(`${issuer}/login?switch=1`)
        t.not(pathOf(await browser.signIn(page, person)), '/passkey/offer', 'once')
      }
      const { browser, offer } = await able()
      const passkey = new SoftwarePasskey(issuer)
      const text = passkey.create(passkeyOptions(offer.body))
      const made = await answer(browser, offer, text, '/passkey/offer')
      t.equal(made.headers.get('location'), '/account/profile')
      t.equal((await signIn(passkey)).status, 303)
      const next = await browser.get(`${issuer}/passkey/offer`)
      t.equal(next.status, 303, 'nobody with one is asked')
      t.equal((await visitor().get(`${issuer}/passkey/offer`)).status, 303, 'nor a stranger')
    },
  )

  await t.test('failures of one network have a budget; a right one costs nothing', async (t) => {
    const small = await startIdentity(t, {
      config: {
        ...config,
        settings: {
          ...base.settings,
          sign_in_failures_per_hour_and_network: 3,
        },
      },
    })
    const there = at(small.issuer)
    const { passkey } = await there.held()
    for (let round = 0; round < 5; round += 1) t.equal((await there.signIn(passkey)).status, 303)
    for (let round = 0; round < 3; round += 1)
      isRefused(t, await there.signIn(passkey, { brokenSignature: true }))
    t.equal((await there.signIn(passkey)).status, 429)
  })
})

void t.test('where a second factor is a must', { skip: why }, async (t) => {
  const mfa = { settings: { ...base.settings, mfa: 'required' } }
  const identity = await startIdentity(t, { config: { ...config, ...mfa }, database: 'postgres' })
  const { issuer } = identity
  const room = await factorRoom(t, identity.databaseUrl ?? '')
  const { visitor, answer, isIn, signIn, secondPage } = at(issuer)
  const person = somebody()
  const id = await room.userId(person)

  /** The password alone, as far as it leads: to the address that carries its proof. */
  async function proved(browser: Browser) {
    const page = await browser.open(`${issuer}/login`)
    const csrf = fieldOf(page, 'csrf')
    const answered = await browser.post(page.url, { csrf, ...person })
    return new URL(answered.headers.get('location') ?? '', issuer)
  }
  const enrolling = (query: string) => `${issuer}/passkey/enrol${query}`

  await t.test('it can be a passkey, made before there is a session', async (t) => {
    const browser = visitor()
    const { pathname, search } = await proved(browser)
    t.equal(pathname, '/enrol')
    t.equal((await visitor().get(enrolling(search))).status, 400, 'not in another browser')
    const page = await browser.open(enrolling(search))
    const passkey = new SoftwarePasskey(issuer)
    const text = passkey.create(passkeyOptions(page.body))
    t.notOk(await isIn(browser))
    const twin = browser.twin()
    const made = await answer(browser, page, text, '/passkey/enrol')
    t.equal(`${made.status} ${made.headers.get('location') ?? ''}`, '303 /')
    t.ok(await isIn(browser))
    const [session, ...others] = await room.liveSessions(id)
    t.same([session?.acr, session?.amr], ['aal2', ['pwd', 'hwk', 'user', 'mfa']])
    t.equal(others.length, 0)
    t.not((await answer(twin, page, text, '/passkey/enrol')).status, 303, 'once')

    const list = await browser.open(`${issuer}/account/passkeys`)
    const href = targetsOf(list.body).find((target) => target.includes('/one?id=')) ?? ''
    const one = await browser.open(`${issuer}${href}`)
    const kept = await browser.submit(one, {}, { name: 'action', value: 'remove' })
    t.equal(kept.status, 409)
    t.match(textOf(kept.body), /must have a second step/)
    t.equal((await signIn(passkey)).status, 303)
  })

  await t.test('whoever has one must show it: the password adds no other', async (t) => {
    const browser = visitor()
    const { page } = await secondPage(person, browser)
    t.equal(pathOf(page), '/mfa/passkey')
    const { search } = new URL(page.url)
    const instead = await browser.get(enrolling(search))
    t.match(instead.headers.get('location'), /^\/mfa\?/)
    const csrf = fieldOf(page, 'csrf')
    await browser.post(enrolling(search), { csrf, answer: '{}' })
    t.equal(await room.audited('passkey_added', id), 1)
    t.notOk(await isIn(browser))
  })
})

void t.test(
  'one answer sent twenty times to two processes makes one session',
  { skip: why },
  async (t) => {
    const processes = await startProcesses(t, { config, count: 2 })
    const { issuer, origins } = processes
    const { held, visitor } = at(issuer)
    const room = await factorRoom(t, processes.databaseUrl)
    const { passkey, person } = await held()
    const id = await room.userId(person)
    for (let round = 0; round < 5; round += 1) {
      const browser = visitor()
      const page = await browser.open(`${issuer}/login`)
      const csrf = fieldOf(page, 'csrf')
      const answer = passkey.get(passkeyOptions(page.body))
      const before = (await room.liveSessions(id)).length
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const twin = browser.twin()
          twin.origin = origins[n % 2] ?? issuer
          return twin.post(`${issuer}/passkey`, { csrf, answer })
        }),
      )
      t.equal(answers.filter(({ status }) => status === 303).length, 1)
      t.equal(answers.filter(({ status }) => status === 401).length, 19)
      t.equal((await room.liveSessions(id)).length, before + 1)
    }
  },
)
