// Deleting one's account: asking for it, the days of grace, the way back, and what is gone afterwards.
import t, { type Test } from 'tap'
import { BAD_TOKENS, tokenOf, withToken } from '../helpers/bad-tokens.ts'
import { Browser, type Person, fieldOf, formWith, mustReturn, stepOf } from '../helpers/browser.ts'
import { targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { decodeJwt } from '../helpers/jwt.ts'
import { Provider, verdict } from '../helpers/provider.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, send } from '../helpers/wire.ts'
import { ada, bob, inspector, judge, world } from '../helpers/world.ts'

t.setTimeout(180_000)

const people: Person[] = Array.from({ length: 24 }, (_, n) => ({
  email: `leaver-${n}@example.test`,
  password: `an old pass phrase number ${n}`,
}))
const everybody = world() as { settings: object; users: object[] }
const users = [...everybody.users, ...people.map((person) => ({ ...person, email_verified: true }))]
const config = { ...everybody, users }
const identity = await startIdentity(t, { config })
const day = 86_400
const graceDays = 14

const left = [...people]
function somebody(): Person {
  const person = left.shift()
  if (person === undefined) throw new Error('nobody left: make more people')
  return person
}

const visitor = (at = identity) => new Browser(at.issuer)
/** Letters of leaving: those about new devices, of which these stories have many, are another test's. */
const mailsTo = async (address: string, at = identity) =>
  (await registering(at).mailsTo(address)).filter(
    ({ subject }) => !subject.startsWith('New sign-in'),
  )

/** A browser in which somebody has just typed the password. */
async function signedIn(person: Person, at = identity): Promise<Browser> {
  const browser = visitor(at)
  const page = await browser.signIn(await browser.open(`${at.issuer}/login`), person)
  if (pathOf(page) !== '/') throw new Error(`not signed in: ${page.status} ${page.url}`)
  return browser
}

async function leaves(browser: Browser, word = 'DELETE', headers = {}): Promise<Answer> {
  const page = await browser.open(`${browser.issuer}/account/delete`, headers)
  return browser.submit(page, { confirm: word }, undefined, headers)
}

/** Somebody who has just left, with the link of the mail. */
async function departed(at = identity) {
  const person = at === identity ? somebody() : (people[0] ?? ada)
  const browser = await signedIn(person, at)
  const page = await leaves(browser)
  const [mail] = await mailsTo(person.email, at)
  return { person, browser, page, link: mail?.link ?? '' }
}

async function signIn(person: Person, at = identity): Promise<Answer> {
  const browser = visitor(at)
  return browser.signIn(await browser.open(`${at.issuer}/login`), person)
}

async function canSignIn(person: Person, at = identity): Promise<boolean> {
  return pathOf(await signIn(person, at)) === '/'
}

async function keeps(link: string, browser = visitor()): Promise<Answer> {
  const page = await browser.open(link)
  return browser.submit(page, {})
}

function keepsNothing(t: Test, answer: Answer, what = '') {
  t.equal(answer.status, 400, what)
  t.match(textOf(answer.body), /There is nothing to keep here/, what)
  t.notMatch(answer.body, /<form/, what)
}

async function hasSession(browser: Browser, at = identity): Promise<boolean> {
  const rp = new RelyingParty(new Provider(at.issuer), judge)
  const landing = await browser.authorize((await rp.request({ prompt: 'none' })).url)
  return mustReturn(landing).params.has('code')
}

void t.test('from the page of one’s data to a closed account, and back', async (t) => {
  const person = somebody()
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const scope = { scope: 'openid offline_access' }
  const [here, there] = [visitor(), visitor()]
  const grants = [
    await rp.signIn(here, scope, { person }),
    await rp.signIn(there, scope, { person }),
  ]
  const data = await here.open(`${identity.issuer}/account/data`)
  t.ok(targetsOf(data.body).includes('/account/delete'), 'the way there')
  const page = await here.open(`${identity.issuer}/account/delete`)
  t.match(textOf(page.body), person.email)
  const last = new Date(identity.clock.now() + graceDays * day * 1000).toISOString().slice(0, 10)
  t.match(page.body, `datetime="${last}`, 'it says when')

  for (const typed of ['', 'no', 'DELETE!', 'DEL ETE', 'LÖSCHEN', person.email]) {
    const answer = await here.submit(page, { confirm: typed })
    t.equal(answer.status, 422, typed)
    t.match(answer.body, /id="confirm-problem"/)
    t.match(answer.body, /<title>Error: /)
    t.equal(fieldOf(answer, 'confirm'), '', 'nothing is filled in')
  }
  t.ok(await hasSession(here), 'nothing happened')
  t.same(await mailsTo(person.email), [])

  const gone = await here.submit(page, { confirm: ' delete ' })
  t.equal(gone.status, 200)
  t.equal(pathOf(gone), '/keep-account')
  t.match(textOf(gone.body), /Your account will be deleted/)
  t.match(textOf(gone.body), /we have mailed you the way back/)
  t.notOk(here.cookies.has('signet_session'))
  for (const browser of [here, there]) t.notOk(await hasSession(browser), 'signed out everywhere')
  for (const { tokens } of grants) {
    t.equal(verdict(await rp.refresh(tokens.refreshToken)), '400 invalid_grant')
    t.equal((await rp.provider.userinfo(tokens.accessToken)).status, 401)
    for (const token of [tokens.accessToken, tokens.refreshToken])
      t.same(await rp.provider.introspect(token, inspector.authentication), { active: false })
  }

  const [mail, ...others] = await mailsTo(person.email)
  t.same(others, [])
  t.equal(mail?.subject, 'Your account will be deleted')
  t.match(mail?.link, `${identity.issuer}/keep-account?token=`)
  const link = mail?.link ?? ''
  for (let look = 0; look < 3; look += 1) t.equal((await visitor().open(link)).status, 200)
  await send(link, { method: 'HEAD' })
  t.notOk(await canSignIn(person), 'looking kept nothing')

  const kept = await keeps(link)
  t.equal(stepOf(kept), 'login', 'it signs nobody in')
  t.match(textOf(kept.body), /Your account stays/)
  t.notOk(await hasSession(here), 'no session of before comes back')
  t.equal(verdict(await rp.refresh(grants[0]?.tokens.refreshToken ?? '')), '400 invalid_grant')
  t.ok(await canSignIn(person))
  t.equal((await mailsTo(person.email))[0]?.subject, 'Your account stays')
  keepsNothing(t, await visitor().open(link), 'the link is used')
})

void t.test('a right password leads to the way back, and nowhere else', async (t) => {
  const { person } = await departed()
  const browser = visitor()
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const request = await rp.request()
  const page = await browser.signIn(await browser.open(request.url), person)
  t.equal(pathOf(page), '/keep-account')
  t.match(textOf(page.body), person.email)
  t.notMatch(textOf(page.body), /mailed you/)
  t.notOk(browser.cookies.has('signet_session'))
  const kept = await browser.submit(page, {})
  t.match(textOf(kept.body), /Your account stays/)
  const landing = await browser.walk(kept, { person })
  t.ok(mustReturn(landing).params.has('code'), 'and on to the application')
})

void t.test('the proof of a password lasts ten minutes, the link until the end', async (t) => {
  const at = await startIdentity(t, { config })
  const { person, link } = await departed(at)
  const page = await signIn(person, at)
  at.clock.advance(599)
  t.equal((await visitor(at).open(page.url)).status, 200)
  at.clock.advance(2)
  keepsNothing(t, await visitor(at).open(page.url))
  const browser = visitor(at)
  const form = await browser.open(link)
  at.clock.advance(graceDays * day - 602)
  t.equal((await visitor(at).open(link)).status, 200, 'in the last second')
  at.clock.advance(1)
  keepsNothing(t, await visitor(at).open(link), 'a second later')
  keepsNothing(t, await browser.submit(form, {}), 'an open form does not outlive it')
  t.equal((await signIn(person, at)).status, 401, 'as good as gone, before anything has run')
})

void t.test('strangers learn nothing of it', async (t) => {
  const { person } = await departed()
  const answerFor = async (email: string) => {
    const answer = await signIn({ email, password: 'a wrong pass phrase' })
    return { status: answer.status, body: comparable(answer.body, email) }
  }
  t.strictSame(await answerFor(person.email), await answerFor('nobody@example.test'))
  t.strictSame(await answerFor(person.email), await answerFor(bob.email))
})

void t.test('a new password calls nothing off, and opens the way back alone', async (t) => {
  const { person } = await departed()
  const browser = visitor()
  await browser.submit(await browser.open(`${identity.issuer}/forgot-password`), {
    email: person.email,
  })
  const mail = await waitFor(async () => {
    const [newest] = await mailsTo(person.email)
    return newest?.subject === 'Choose a new password' ? newest : undefined
  })
  const password = 'a brand new pass phrase 99'
  const done = await browser.submit(await browser.open(mail.link), { password })
  t.match(textOf(done.body), /Your password has been changed/)
  t.equal(pathOf(await signIn({ ...person, password })), '/keep-account')
  t.equal((await signIn(person)).status, 401)
})

for (const [what, change] of BAD_TOKENS)
  void t.test(`a link ${what} keeps nothing`, async (t) => {
    const { person, link } = await shared()
    const bad = withToken(link, change(tokenOf(link)))
    const browser = visitor()
    keepsNothing(t, await browser.open(bad))
    const csrf = fieldOf(await browser.open(link), 'csrf')
    keepsNothing(t, await browser.post(bad, { csrf }))
    t.notOk(await canSignIn(person))
  })

let sharedLeaver: ReturnType<typeof departed> | undefined
/** Somebody who stays gone, whatever a test tries. */
async function shared() {
  return (sharedLeaver ??= departed())
}

void t.test('a link keeps its own account, and the leaving that it was made for', async (t) => {
  const [one, two] = [await departed(), await departed()]
  await keeps(one.link)
  t.ok(await canSignIn(one.person))
  t.notOk(await canSignIn(two.person), 'another person’s link is another person’s')
  identity.clock.advance(1)
  const again = await leaves(await signedIn(one.person))
  t.equal(pathOf(again), '/keep-account')
  keepsNothing(t, await visitor().open(one.link), 'the link of a leaving that was called off')
  t.notOk(await canSignIn(one.person))
  const [newest] = await mailsTo(one.person.email)
  t.not(newest?.link, one.link)
  await keeps(newest?.link ?? '')
  t.ok(await canSignIn(one.person))
})

for (const [what, form, headers] of [
  ['no CSRF token', { csrf: '' }, {}],
  ['a made-up one', { csrf: 'test.AAAA' }, {}],
  ['another site', {}, { 'sec-fetch-site': 'cross-site' }],
] as const)
  void t.test(`forms that are not ours change nothing: ${what}`, async (t) => {
    const person = stayer
    const browser = await signedIn(person)
    const page = await browser.open(`${identity.issuer}/account/delete`)
    const asked = { csrf: fieldOf(page, 'csrf'), confirm: 'DELETE', ...form }
    t.equal((await browser.post('/account/delete', asked, headers)).status, 403)
    t.ok(await hasSession(browser))
    const { person: gone, link } = await shared()
    const other = visitor()
    const keep = { csrf: fieldOf(await other.open(link), 'csrf'), ...form }
    t.equal((await other.post(link, keep, headers)).status, 403)
    t.notOk(await canSignIn(gone))
  })

const stayer = somebody()

void t.test('another browser’s form, repeated and missing fields change nothing', async (t) => {
  const browser = await signedIn(stayer)
  const page = await browser.open(`${identity.issuer}/account/delete`)
  const csrf = fieldOf(page, 'csrf')
  const other = await signedIn(stayer)
  t.equal((await other.post('/account/delete', { csrf, confirm: 'DELETE' })).status, 403)
  const twice = new URLSearchParams({ csrf, confirm: 'DELETE' })
  twice.append('confirm', 'DELETE')
  t.equal((await browser.post('/account/delete', twice)).status, 400)
  t.equal((await browser.post('/account/delete', { csrf })).status, 422)
  t.ok(await canSignIn(stayer))
  t.same(await mailsTo(stayer.email), [])
})

void t.test('only with a sign-in of the last ten minutes', async (t) => {
  const at = await startIdentity(t, { config })
  const person = people[1] ?? ada
  const browser = await signedIn(person, at)
  const page = await browser.open(`${at.issuer}/account/delete`)
  at.clock.advance(601)
  const csrf = fieldOf(page, 'csrf')
  for (const answer of [
    await browser.get(`${at.issuer}/account/delete`),
    await browser.post('/account/delete', { csrf, confirm: 'DELETE' }),
  ]) {
    t.equal(answer.status, 303)
    t.equal(answer.headers.get('location'), '/login?next=%2Faccount%2Fdelete')
  }
  const stranger = await visitor(at).get(`${at.issuer}/account/delete`)
  t.equal(stranger.headers.get('location'), '/login?next=%2Faccount%2Fdelete')
  t.ok(await hasSession(browser, at))
  const again = await browser.signIn(await browser.open(`${at.issuer}/account/delete`), person)
  t.equal(pathOf(again), '/account/delete', 'after a fresh proof it goes on')
  t.ok(formWith(again, ['confirm']))
})

void t.test('somebody has to stay: the only administrator cannot leave', async (t) => {
  const browser = await signedIn(ada)
  const page = await browser.open(`${identity.issuer}/account/delete`)
  t.match(textOf(page.body), /You are the only administrator/)
  t.notMatch(page.body, /name="confirm"/)
  const csrf = fieldOf(page, 'csrf')
  const answer = await browser.post('/account/delete', { csrf, confirm: 'DELETE' })
  t.equal(answer.status, 409)
  t.match(textOf(answer.body), /You are the only administrator/)
  t.ok(await hasSession(browser))
  t.same(await mailsTo(ada.email), [])
})

for (const [language, typed, word] of [
  ['de', 'löschen', 'LÖSCHEN'],
  ['de', 'lo\u0308schen', 'LÖSCHEN'],
  ['ar', '\u200fحذف ', 'حذف'],
] as const)
  void t.test(`the word of ${language}: ${encodeURI(typed)}`, async (t) => {
    const person = somebody()
    const headers = { 'accept-language': language }
    const browser = await signedIn(person)
    const page = await browser.open(`${identity.issuer}/account/delete`, headers)
    t.ok(page.body.includes(`<strong>${word}</strong>`))
    const english = await browser.submit(page, { confirm: 'DELETE' }, undefined, headers)
    t.equal(english.status, 422)
    const gone = await leaves(browser, typed, headers)
    t.equal(pathOf(gone), '/keep-account')
    const [mail] = await mailsTo(person.email)
    t.not(mail?.subject, 'Your account will be deleted', 'the mail speaks it, too')
  })

void t.test('who shares the browser stays signed in', async (t) => {
  const [one, two] = [somebody(), somebody()]
  const browser = await signedIn(one)
  const login = await browser.open(`${identity.issuer}/login?switch=1`)
  t.equal(pathOf(await browser.signIn(login, two)), '/')
  await leaves(browser)
  const rp = new RelyingParty(new Provider(identity.issuer), judge)
  const hint = await rp.request({ prompt: 'none', login_hint: one.email })
  const answer = mustReturn(await browser.authorize(hint.url))
  t.ok(answer.params.has('code'), 'the other one')
  t.notOk(await canSignIn(two))
})

void t.test('when the days of grace are over', async (t) => {
  const at = await startIdentity(t, { config })
  const [person = ada, other = bob] = people
  const rp = new RelyingParty(new Provider(at.issuer), judge)
  const { tokens } = await rp.signIn(visitor(at), { scope: 'openid offline_access' }, { person })
  const before = subjectOf(tokens.idToken)
  await leaves(await signedIn(person, at), 'löschen', { 'accept-language': 'de' })
  await leaves(await signedIn(other, at))
  const [mail] = await mailsTo(other.email, at)
  at.clock.advance(graceDays * day - 60)
  await at.maintain()
  t.equal(pathOf(await signIn(person, at)), '/keep-account', 'not before its time')
  await keeps(mail?.link ?? '', visitor(at))
  at.clock.advance(61)
  await at.maintain()
  t.ok(await canSignIn(other, at), 'who came back is here')
  t.equal((await mailsTo(other.email, at))[0]?.subject, 'Your account stays')
  t.equal((await signIn(person, at)).status, 401)
  const [farewell, ...earlier] = await mailsTo(person.email, at)
  t.equal(farewell?.subject, 'Ihr Konto ist gelöscht', 'in the language of the request')
  t.equal(farewell?.link, '', 'nothing is left to do')
  t.equal(verdict(await rp.refresh(tokens.refreshToken)), '400 invalid_grant')
  t.equal((await rp.provider.userinfo(tokens.accessToken)).status, 401)
  await at.maintain()
  t.equal((await mailsTo(person.email, at)).length, earlier.length + 1, 'told once')

  const people2 = registering(at)
  const browser = visitor(at)
  const form = await people2.register(browser, person.email)
  await browser.submit(form, { code: (await people2.mailTo(person.email)).code })
  const again = await rp.signIn(browser)
  t.not(subjectOf(again.tokens.idToken), before, 'the same address later is another subject')
})

void t.test('where there are no days of grace', async (t) => {
  const settings = { ...everybody.settings, account_deletion_grace_seconds: 0 }
  const at = await startIdentity(t, { config: { ...config, settings } })
  const person = people[0] ?? ada
  const browser = await signedIn(person, at)
  const page = await browser.open(`${at.issuer}/account/delete`)
  t.match(textOf(page.body), /There is no way back/)
  const gone = await browser.submit(page, { confirm: 'DELETE' })
  t.match(textOf(gone.body), /Your account is being deleted/)
  t.notMatch(gone.body, /<form/)
  t.same(await mailsTo(person.email, at), [], 'no letter with a way back that is none')
  t.equal((await signIn(person, at)).status, 401)
  await at.maintain()
  t.equal((await signIn(person, at)).status, 401)
  t.equal((await mailsTo(person.email, at))[0]?.subject, 'Your account has been deleted')
})

void t.test('a double click leaves once', async (t) => {
  const person = somebody()
  const browser = await signedIn(person)
  const page = await browser.open(`${identity.issuer}/account/delete`)
  const form = { csrf: fieldOf(page, 'csrf'), confirm: 'DELETE' }
  const twin = browser.twin()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => twin.twin().post('/account/delete', form)),
  )
  t.same(new Set(answers.map(({ status }) => status)), new Set([303]))
  t.equal((await mailsTo(person.email)).length, 1)
  t.notOk(await hasSession(browser))
})

void t.test('twenty presses at once keep it once', async (t) => {
  const { person, link } = await departed()
  const browser = visitor()
  const csrf = fieldOf(await browser.open(link), 'csrf')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => browser.twin().post(link, { csrf })),
  )
  t.equal(answers.filter(({ status }) => status === 303).length, 1)
  t.equal(answers.filter(({ status }) => status === 400).length, 19)
  t.ok(await canSignIn(person))
  const stays = (await mailsTo(person.email)).filter(({ subject }) => /stays/.test(subject))
  t.equal(stays.length, 1)
})

function subjectOf(idToken: string): unknown {
  return decodeJwt(idToken).claims['sub']
}

/** A page without what is random in it by design. */
function comparable(body: string, email: string): string {
  return body
    .replace(/name="csrf" value="[^"]+"/g, 'csrf')
    .replace(/"challenge":"[\w-]+"|&quot;challenge&quot;:&quot;[\w-]+/g, 'challenge')
    .replaceAll(email, '@')
}

async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it never came')
}
