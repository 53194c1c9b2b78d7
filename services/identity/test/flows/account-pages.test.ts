// The pages of the own account: overview, profile, devices, connected apps, security log.
import t, { type Test } from 'tap'
import { Browser, type Person, fieldOf, mustReturn, stepOf } from '../helpers/browser.ts'
import { formsOf, targetsOf, textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { pathOf } from '../helpers/registering.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { type Answer, isRecord, jsonOf } from '../helpers/wire.ts'
import { asker, bob, confidentialTwin, inspector, judge, world } from '../helpers/world.ts'

t.setTimeout(180_000)

const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
const hostileApp = confidentialTwin('hostile', ['https://hostile.example.test/cb'], {
  client_name: hostile,
  logo_uri: 'http://hostile.example.test/logo.svg',
  consent: 'explicit',
})
const people = Array.from({ length: 16 }, (_, n) => ({
  email: `room-${n}@example.test`,
  password: `a pass phrase of its own ${n}`,
  claims: { name: n % 2 === 0 ? `Person ${n}` : hostile },
  email_verified: true,
}))
const everybody = world({}, [hostileApp.registration])
const identity = await startIdentity(t, {
  config: { ...everybody, users: [...usersOf(everybody), ...people] },
})
const provider = new Provider(identity.issuer)
const left = [...people]
const at = (path: string) => `${identity.issuer}${path}`
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const pages = ['', '/profile', '/sessions', '/apps', '/security-log'].map((end) => `/account${end}`)

function usersOf(given: object): object[] {
  return 'users' in given && Array.isArray(given.users) ? given.users.filter(isRecord) : []
}

/** Somebody whom no other test has looked at. */
function somebody() {
  const person = left.shift()
  if (person === undefined) throw new Error('nobody left: make more people')
  return person
}

/** Signs a person in through an application, whose tokens come along. */
async function signedIn(person: Person, client = judge, browser = new Browser(identity.issuer)) {
  const rp = new RelyingParty(provider, client)
  const { tokens } = await rp.signIn(
    browser,
    { scope: 'openid profile email phone address offline_access notes:read', prompt: 'login' },
    { person },
  )
  let { refreshToken } = tokens
  /** Whether the application can go on; it does so with its newest token, as it should. */
  async function lives(): Promise<boolean> {
    const answer = await rp.refresh(refreshToken)
    if (answer.status === 200) ({ refreshToken } = tokensOf(answer))
    return verdict(answer) === '200'
  }
  return { browser, tokens, rp, lives, open: async (path: string) => browser.open(at(path)) }
}

/** Whether the browser is let in to its account. */
async function isIn(browser: Browser): Promise<boolean> {
  return (await browser.get(at('/account'))).status === 200
}

async function claimsOf(accessToken: string) {
  return jsonOf(await provider.userinfo(accessToken))
}

function isNotFound(t: Test, answer: Answer, what: string) {
  t.equal(answer.status, 404, what)
  t.match(answer.body, /id="error-id"/, `${what}: a page with its id`)
}

function isHarmless(t: Test, { body }: Answer) {
  t.notOk(body.includes(hostile), 'the text is escaped')
  t.match(body, /&lt;script/, 'and it is there')
  t.notMatch(body, /<script(?![^>]* src="\/assets\/)|<[^>]+\son\w+=/)
  const targets = targetsOf(body).filter((target) => !target.startsWith('/'))
  t.same(
    targets.filter((target) => !/^(?:#|https:)/.test(target)),
    [],
    'nothing runs',
  )
}

for (const path of pages)
  void t.test(`${path}: only for whoever is signed in, and back after it`, async (t) => {
    const browser = new Browser(identity.issuer)
    const answer = await browser.get(at(path))
    t.equal(answer.status, 303)
    t.equal(answer.headers.get('location'), `/login?next=${encodeURIComponent(path)}`)
    const back = await browser.signIn(await browser.follow(answer), bob)
    t.equal(back.status, 200)
    t.equal(pathOf(back), path)
    t.equal(back.headers.get('cache-control'), 'no-store')
    t.match(back.headers.get('content-security-policy'), /frame-ancestors 'none'/)
    t.match(textOf(back.body), /bob@example\.test/)
    t.notMatch(back.body, /ada@example|Lovelace/, 'nothing of anybody else')
    t.match(back.body, new RegExp(`href="${path}" aria-current="page"`))
    for (const { action } of formsOf(back.body)) t.match(action, /^\/(?:account|sign-out)/)
  })

void t.test('the overview tells how the account stands', async (t) => {
  const person = somebody()
  const { open } = await signedIn(person)
  await signedIn(person, asker)
  const page = await open('/account')
  const text = textOf(page.body)
  t.match(text, /Hello, Person 0/)
  t.match(text, /room-0@example\.test Confirmed/)
  t.match(text, /Last changed \d+ \w+ \d{4}/)
  t.match(text, /Devices 2 Show/)
  t.match(text, /Connected apps 2 Show/)
  t.match(text, /Signed in/)
  for (const path of [...pages.slice(1), '/account/email', '/account/password'])
    t.ok(targetsOf(page.body).includes(path), path)
})

void t.test('a hostile name is text on every page', async (t) => {
  const person = people[1]
  if (person === undefined) throw new Error('no such person')
  const { open } = await signedIn(person)
  for (const path of pages) isHarmless(t, await open(path))
})

void t.test('in the language of the browser', async (t) => {
  const { browser } = await signedIn(bob)
  for (const path of pages) {
    const german = await browser.open(at(path), { 'accept-language': 'de' })
    t.match(german.body, /<html lang="de" dir="ltr">/)
    t.notMatch(textOf(german.body), /\b(?:Sign out|Devices|Remove access|Changes)\b/, path)
    const arabic = await browser.open(at(path), { 'accept-language': 'ar' })
    t.match(arabic.body, /<html lang="ar" dir="rtl">/)
  }
})

void t.test('profile', async (t) => {
  const person = somebody()
  const { browser, tokens, open } = await signedIn(person)
  const profile = async () => open('/account/profile')
  const page = await profile()
  t.match(page.body, /id="given_name" name="given_name"/)
  for (const token of ['given-name', 'bday', 'tel', 'street-address', 'country-name'])
    t.match(page.body, `autocomplete="${token}"`)

  await t.test('what is saved is what applications read', async (t) => {
    const saved = await browser.submit(page, {
      name: '  Grace Hopper ',
      birthdate: '1906-12-09',
      phone_number: '+1 (425) 555-1212',
      street_address: '1 Navy Yard\r\nArlington',
      website: 'https://grace.example.test',
    })
    t.equal(saved.status, 200)
    t.match(textOf(saved.body), /Your profile is saved/)
    t.notMatch((await profile()).body, /Your profile is saved/, 'said once')
    t.match(await claimsOf(tokens.accessToken), {
      name: 'Grace Hopper',
      birthdate: '1906-12-09',
      phone_number: '+14255551212',
      phone_number_verified: false,
      address: { street_address: '1 Navy Yard\nArlington' },
      website: 'https://grace.example.test/',
      email: person.email,
      email_verified: true,
    })
    const same = await browser.submit(await profile(), { nickname: 'Amazing' })
    t.equal(same.status, 200, 'the form as it stands, lines and all, is in order')
    const cleared = await browser.submit(await profile(), { website: '', birthdate: '' })
    t.equal(cleared.status, 200)
    const claims = await claimsOf(tokens.accessToken)
    t.notOk('website' in claims || 'birthdate' in claims, 'empty is gone')
    t.match(claims, { nickname: 'Amazing', address: { street_address: '1 Navy Yard\nArlington' } })
  })

  await t.test('bad input: all of it at the fields, and what was typed stays', async (t) => {
    const before = await claimsOf(tokens.accessToken)
    const wrong = {
      name: 'x'.repeat(201),
      nickname: 'Kept',
      picture: 'javascript:alert(1)',
      website: 'data:text/html,<script>alert(1)</script>',
      birthdate: '1990-02-30',
      zoneinfo: 'Europe/Atlantis',
      phone_number: '12',
    }
    const answer = await browser.submit(await profile(), wrong)
    t.equal(answer.status, 422)
    t.match(answer.body, /<title>Error: Profile/)
    t.match(answer.body, /role="alert"/)
    for (const name of ['name', 'picture', 'website', 'birthdate', 'zoneinfo', 'phone_number']) {
      t.match(answer.body, `href="#${name}"`, `${name} in the summary`)
      t.match(answer.body, `id="${name}-problem"`, `${name} at its field`)
    }
    t.notMatch(answer.body, /id="nickname-problem"/)
    t.equal(fieldOf(answer, 'nickname'), 'Kept')
    t.equal(fieldOf(answer, 'website'), wrong.website)
    t.same(await claimsOf(tokens.accessToken), before, 'nothing is saved in part')
  })

  await t.test('what is not the person’s to set stays', async (t) => {
    const before = await claimsOf(tokens.accessToken)
    const csrf = fieldOf(await profile(), 'csrf')
    const answer = await browser.post(at('/account/profile'), {
      csrf,
      ...Object.fromEntries(
        formsOf((await profile()).body)
          .flatMap(({ fields }) => fields)
          .filter(({ name }) => name !== 'csrf')
          .map(({ name, value }) => [name, value]),
      ),
      email: bob.email,
      email_verified: 'false',
      phone_number_verified: 'true',
      sub: 'eve',
      roles: 'admin',
      user_id: bob.email,
      updated_at: '0',
    })
    t.equal(answer.status, 303)
    t.same(await claimsOf(tokens.accessToken), before)
  })

  await t.test('forms that are not ours, or are bent', async (t) => {
    const before = await claimsOf(tokens.accessToken)
    const csrf = fieldOf(await profile(), 'csrf')
    const foreign = await signedIn(bob)
    const theirs = fieldOf(await foreign.open('/account/profile'), 'csrf')
    const post = async (form: Record<string, string> | URLSearchParams, headers = {}) =>
      (await browser.post(at('/account/profile'), form, headers)).status
    t.equal(await post({ name: 'Eve' }), 403, 'no token')
    t.equal(await post({ csrf: theirs, name: 'Eve' }), 403, 'another person’s token')
    t.equal(await post({ csrf, name: 'Eve' }, { 'sec-fetch-site': 'cross-site' }), 403)
    const twice = new URLSearchParams({ csrf, name: 'Eve' })
    twice.append('name', 'Mallory')
    t.equal(await post(twice), 400, 'a field twice')
    t.equal(await post({ csrf, name: 'Eve\u0000' }), 400, 'NUL')
    t.equal(await post({ csrf, name: 'Eve\u202e' }), 422, 'text turned around')
    t.same(await claimsOf(tokens.accessToken), before)
  })

  await t.test('an old sign-in shows, but changes nothing', async (t) => {
    const fresh = await profile()
    identity.clock.advance(601)
    const answer = await browser.post(at('/account/profile'), {
      csrf: fieldOf(fresh, 'csrf'),
      name: 'Eve',
    })
    t.equal(answer.status, 303)
    t.equal(answer.headers.get('location'), '/login?next=%2Faccount%2Fprofile')
    const stale = await profile()
    t.match(stale.body, /<fieldset disabled/)
    t.ok(targetsOf(stale.body).includes('/login?next=%2Faccount%2Fprofile'), 'and how to go on')
    t.match(stale.body, /Grace Hopper/)
  })
})

void t.test('devices', async (t) => {
  const person = somebody()
  const here = await signedIn(person)
  const there = await signedIn(person)
  const further = await signedIn(person)
  const foreign = await signedIn(bob)
  const sessions = async () => here.open('/account/sessions')
  const press = async (value: string, name = 'session') => {
    const csrf = fieldOf(await sessions(), 'csrf')
    return here.browser.post(at('/account/sessions'), { csrf, [name]: value })
  }
  const idsOn = ({ body }: Answer) =>
    formsOf(body).flatMap(({ buttons }) =>
      buttons.filter(({ name }) => name === 'session').map(({ value }) => value),
    )
  const idsOf = async ({ open }: typeof here) => idsOn(await open('/account/sessions'))

  const page = await sessions()
  t.equal(page.body.split('class="item"').length - 1, 3)
  t.match(textOf(page.body), /This device In use now/)
  t.equal(idsOn(page).length, 2, 'this one is signed out by the button of every page')

  await t.test('another’s id, a made-up one, nothing: a page that says so', async (t) => {
    const second = await signedIn(bob)
    const [foreignId = ''] = await idsOf(second)
    t.match(foreignId, /^[0-9a-f-]{36}$/)
    isNotFound(t, await press(foreignId), 'another person’s')
    isNotFound(t, await press('00000000-0000-7000-8000-000000000000'), 'nobody’s')
    isNotFound(t, await press("' or true --"), 'no id')
    isNotFound(t, await press(''), 'none')
    t.equal((await press('all', 'all')).status, 400)
    t.ok((await isIn(foreign.browser)) && (await isIn(second.browser)))
    t.ok(await foreign.lives())
    t.equal((await idsOf(here)).length, 2, 'and all are still here')
  })

  await t.test('one, and everything that was opened on it', async (t) => {
    const mine = new Set(await idsOf(here))
    const [id = ''] = (await idsOf(there)).filter((one) => !mine.has(one)).concat(await idsOf(here))
    // Of the two others, the one that `further` does not show beside `there` and `here`.
    const shownByFurther = new Set(await idsOf(further))
    const thereId = [...mine].find((one) => shownByFurther.has(one)) ?? id
    const answer = await here.browser.follow(await press(thereId))
    t.match(textOf(answer.body), /The device is signed out/)
    t.notOk(await isIn(there.browser))
    t.notOk(await there.lives(), 'its refresh token is dead')
    t.equal((await provider.userinfo(there.tokens.accessToken)).status, 401)
    t.ok((await isIn(further.browser)) && (await further.lives()), 'the others stay')
    t.equal((await press(thereId)).status, 303, 'a second press is no error')
  })

  await t.test('an old sign-in ends nothing', async (t) => {
    const csrf = fieldOf(await sessions(), 'csrf')
    identity.clock.advance(601)
    const answer = await here.browser.post(at('/account/sessions'), { csrf, all: 'everywhere' })
    t.equal(answer.headers.get('location'), '/login?next=%2Faccount%2Fsessions')
    t.ok(await isIn(further.browser))
    const again = await here.browser.signIn(await here.browser.follow(answer), person)
    t.equal(pathOf(again), '/account/sessions')
  })

  await t.test('all others; then everywhere', async (t) => {
    const others = await here.browser.follow(await press('others', 'all'))
    t.match(textOf(others.body), /All other devices are signed out/)
    t.match(textOf(others.body), /You are signed in on this device only/)
    t.notOk((await isIn(further.browser)) || (await further.lives()))
    const ended = await further.browser.open(at('/account/apps'))
    t.equal(new URL(ended.url).search, '?next=%2Faccount%2Fapps', 'the way back is kept')
    t.match(textOf(ended.body), /You are no longer signed in here/, 'and says why')
    const stranger = await new Browser(identity.issuer).open(at('/account/apps'))
    t.notMatch(textOf(stranger.body), /no longer signed in/)
    t.ok(await isIn(here.browser))
    const end = await here.browser.follow(await press('everywhere', 'all'))
    t.equal(stepOf(end), 'login')
    t.match(textOf(end.body), /You are signed out on all devices/)
    t.notOk((await isIn(here.browser)) || (await here.lives()))
    t.ok((await isIn(foreign.browser)) && (await foreign.lives()), 'nobody else is')
  })
})

void t.test('a device is called by names of ours, whatever it calls itself', async (t) => {
  const person = somebody()
  const login = async (userAgent: string) => {
    const browser = new Browser(identity.issuer)
    const page = await browser.open(at('/login?next=/account/sessions'))
    const { email, password } = person
    const headers = { 'user-agent': userAgent }
    return browser.submit(page, { email, password }, undefined, headers)
  }
  await login(firefox)
  await login(`<b>Mine</b>${'x'.repeat(3000)}`)
  const page = await login('')
  t.match(textOf(page.body), /Firefox on Linux/)
  t.match(textOf(page.body), /Unknown device/)
  t.notMatch(page.body, /Mine|xxx/)
})

void t.test('connected apps', async (t) => {
  const person = somebody()
  const first = await signedIn(person, asker)
  const foreign = await signedIn(bob, asker)
  const { browser, open } = first
  const remove = '/account/apps/remove?client_id=asker'
  const press = async (path: string, within = browser) => {
    const csrf = fieldOf(await within.open(at('/account/apps')), 'csrf')
    return within.post(at(path), { csrf })
  }

  const page = await open('/account/apps')
  const text = textOf(page.body)
  t.match(text, /The asker app/)
  t.match(text, /See your email address/)
  t.match(text, /Read your notes/)
  t.match(text, /Stay signed in for you/)
  t.notMatch(text, /notes:read|offline_access/, 'no names of scopes')
  t.ok(targetsOf(page.body).includes(remove))

  await t.test('asks before it does it', async (t) => {
    const ask = await open(remove)
    t.match(textOf(ask.body), /Remove access of The asker app ?\?/)
    await browser.get(at(remove))
    t.ok(await first.lives(), 'looking changes nothing')
  })

  await t.test('what is not connected is not found', async (t) => {
    for (const id of ['judge', 'nobody', '', "'%20or%20true--", hostile]) {
      const path = `/account/apps/remove?client_id=${id === hostile ? encodeURIComponent(id) : id}`
      isNotFound(t, await open(path), `GET ${id}`)
      isNotFound(t, await press(path), `POST ${id}`)
    }
    const two = await press('/account/apps/remove?client_id=asker&client_id=judge')
    t.equal(two.status, 400, 'two at once')
    t.equal((await press('/account/apps/remove?client_id=%00')).status, 400, 'NUL')
    t.ok(await first.lives())
    t.equal((await browser.post(at(remove), {})).status, 403, 'no token')
  })

  await t.test('an old sign-in removes nothing', async (t) => {
    const csrf = fieldOf(await open('/account/apps'), 'csrf')
    identity.clock.advance(601)
    const answer = await browser.post(at(remove), { csrf })
    t.match(answer.headers.get('location'), /^\/login\?next=%2Faccount%2Fapps%2Fremove/)
    t.ok(await first.lives())
    const back = await browser.signIn(await browser.follow(answer), person)
    t.match(textOf(back.body), /Remove access of The asker app ?\?/, 'back to the question')
  })

  await t.test('removed twenty times at once: gone everywhere, told once', async (t) => {
    const second = await signedIn(person, asker)
    const csrf = fieldOf(await second.open('/account/apps'), 'csrf')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => second.browser.post(at(remove), { csrf })),
    )
    for (const { status } of answers) t.equal(status, 303)
    for (const one of [first, second]) {
      t.notOk(await one.lives(), 'refresh token')
      t.equal((await provider.userinfo(one.tokens.accessToken)).status, 401, 'access token')
      t.same(await provider.introspect(one.tokens.accessToken, inspector.authentication), {
        active: false,
      })
      t.ok(await isIn(one.browser), 'the person stays signed in here')
    }
    t.ok(await foreign.lives(), 'another person’s permission stays')
    const list = await second.open('/account/apps?done=removed')
    t.match(textOf(list.body), /can no longer use your account/)
    t.notMatch(textOf(list.body), /The asker app/)
    const log = textOf((await second.open('/account/security-log')).body)
    t.equal(log.split('Access of an application removed').length, 2)
    const ask = await second.browser.authorize((await second.rp.request()).url, { person })
    t.same(ask.steps, ['consent'], 'it is asked again')
  })

  await t.test('a code of before is worth nothing after', async (t) => {
    const again = await signedIn(person, asker)
    const { request, callback } = await again.rp.code(again.browser)
    t.equal((await press(remove, again.browser)).status, 303)
    t.equal(verdict(await again.rp.redeem(request, callback)), '400 invalid_grant')
  })

  await t.test('an application of the house, which is not asked about', async (t) => {
    const house = await signedIn(person)
    t.match(textOf((await house.open('/account/apps')).body), /The judge app.*needs no permission/)
    t.equal((await press('/account/apps/remove?client_id=judge', house.browser)).status, 303)
    t.notOk(await house.lives())
    const { url } = await house.rp.request()
    t.ok(mustReturn(await house.browser.authorize(url)).params.has('code'), 'it may come back')
  })

  await t.test('a hostile name', async (t) => {
    const { browser: other, open: look } = await signedIn(bob, hostileApp.client)
    isHarmless(t, await look('/account/apps'))
    isHarmless(t, await look('/account/apps/remove?client_id=hostile'))
    isHarmless(t, await look('/account/security-log'))
    t.notMatch((await look('/account/apps')).body, /http:\/\/hostile/, 'no picture over plain http')
    t.equal((await press('/account/apps/remove?client_id=hostile', other)).status, 303)
  })
})

void t.test('no application yet', async (t) => {
  const person = somebody()
  const browser = new Browser(identity.issuer)
  const page = await browser.signIn(await browser.open(at('/login?next=/account/apps')), person)
  t.match(textOf(page.body), /No application uses your account yet/)
})

void t.test('security log', async (t) => {
  const person = somebody()
  const browser = new Browser(identity.issuer)
  const { email } = person
  const failed = await browser.open(at('/login'))
  await browser.submit(failed, { email, password: 'wrong' })
  const { open } = await signedIn(person, asker, browser)
  for (let n = 0; n < 16; n += 1)
    await browser.submit(await open('/account/profile'), { nickname: `Nick ${n}` })
  const log = async (query = '') => open(`/account/security-log${query}`)
  const count = ({ body }: Answer) => body.split('class="item"').length - 1

  const all = await log()
  t.equal(count(all), 15)
  t.match(textOf(all.body), /Changed: Nickname/)
  t.notMatch(all.body, /Nick \d/, 'not what was written')
  t.match(all.body, /<time datetime="\d{4}-\d{2}-\d{2}T/)
  t.ok(targetsOf(all.body).includes('/account/password'), '"This wasn’t me"')
  const olderOn = ({ body }: Answer) =>
    targetsOf(body).find((target) => target.includes('before=') && !target.includes('lang='))
  const older = olderOn(all) ?? ''
  const last = await open(older)
  t.match(textOf(last.body), /A sign-in that failed/)
  t.match(textOf(last.body), /Access allowed to an application The asker app/)
  t.equal(olderOn(last), undefined, 'that is all')
  t.match(textOf(last.body), /Newest/)

  const signIns = textOf((await log('?show=sign_in')).body)
  t.match(signIns, /Signed in .*A sign-in that failed/)
  t.notMatch(signIns, /Profile changed/)
  t.notMatch(textOf((await log('?show=change')).body), /wrong password/)
  t.equal(count(await log('?show=everything')), 15, 'no such kind is all')

  const foreign = await signedIn(bob)
  const theirs = await foreign.open(older)
  t.equal(theirs.status, 200)
  t.equal(count(theirs), 0, 'an id of another’s log leads nowhere')
  for (const before of ['x', '%00', "'%20or%201=1", '00000000-0000-7000-8000-000000000000'])
    t.equal(count(await log(`?before=${before}`)), 0, before)
  t.equal((await log('?before=a&before=b')).status, 200)
})
