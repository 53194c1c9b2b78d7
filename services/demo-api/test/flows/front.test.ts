import t from 'tap'
import { setUp } from '../helpers/world.ts'

await t.test('signed out: one way in', async (t) => {
  const { app } = await setUp(t)
  const page = await app.inject('/')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], 'text/html')
  t.equal(page.headers['cache-control'], 'no-store')
  t.match(page.body, /^\s*<!doctype html>/)
  t.match(page.body, /id="sign-in" href="\/bff\/login"/)
  t.notMatch(page.body, /<style|style="|<script(?! type="module" src="\/assets\/)|onclick/)
  for (const [path] of page.body.matchAll(/\/assets\/[\w.-]+/g)) {
    const asset = await app.inject(path)
    t.equal(asset.statusCode, 200, path)
    t.match(asset.headers['cache-control'], 'immutable')
  }
})

await t.test('without a client the page says so, and the API works', async (t) => {
  const { app, as, mint } = await setUp(t, { CLIENT_ID: '', CLIENT_SECRET: '', SESSION_KEY: '' })
  const page = await app.inject('/')
  t.match(page.body, 'Sign-in is not configured')
  t.notMatch(page.body, 'id="sign-in"')
  t.equal((await app.inject('/bff/login')).statusCode, 503)
  t.equal((await app.inject('/bff/session')).statusCode, 404)
  t.equal((await as(await mint({ scope: 'notes:read' }))('GET', '/notes')).statusCode, 200)
})

await t.test('with scripts off: sign in, add notes, sign out', async (t) => {
  const { browser } = await setUp(t)
  t.equal((await browser.signIn()).headers.location, 'http://localhost:4001/')
  const page = await browser.send('/')
  for (const id of ['sign-out', 'notes', 'note-text', 'add-note', 'user-email']) {
    t.match(page.body, `id="${id}"`)
  }
  t.match(page.body, /id="user-email">\s*<bdi>ada@example.test/)
  t.match(page.body, '<li>notes:write</li>')
  t.notMatch(page.body, /eyJ[\w-]+\.eyJ/, 'no token in the page')

  const csrf = await browser.csrfToken()
  const text = '<script>alert(1)</script> & "quotes"\nsecond line'
  const added = await browser.post('/app/notes', { csrf_token: csrf, text })
  t.equal(added.statusCode, 303)
  t.equal(added.headers.location, 'http://localhost:4001/#notes')
  const after = (await browser.send('/')).body
  t.match(after, '&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;quotes&#34;\nsecond line')
  t.notMatch(after, '<script>alert')

  const out = await browser.post('/bff/logout', { csrf_token: csrf })
  t.equal(out.statusCode, 303)
  t.match(out.headers.location, '/end-session?')
  t.match((await browser.send('/')).body, 'id="sign-in"')
})

await t.test('forms of foreign pages change nothing', async (t) => {
  const { browser } = await setUp(t)
  await browser.signIn()
  const csrf = await browser.csrfToken()
  const fields = { csrf_token: csrf, text: 'forged' }
  const cases: [Record<string, string>, Record<string, string>][] = [
    [{ text: 'forged' }, {}],
    [{ text: 'forged', csrf_token: 'x' }, {}],
    [fields, { 'sec-fetch-site': 'cross-site' }],
    [fields, { 'sec-fetch-site': 'same-site' }],
    [fields, { origin: 'https://evil.example' }],
  ]
  for (const [payload, headers] of cases) {
    t.equal(
      (await browser.post('/app/notes', payload, headers)).statusCode,
      403,
      JSON.stringify(headers),
    )
    t.equal((await browser.post('/app/notes/1/delete', payload, headers)).statusCode, 403)
  }
  t.notMatch((await browser.send('/')).body, 'forged')
  const json = await browser.send('/app/notes', { method: 'POST', payload: fields })
  t.equal(json.statusCode, 415)

  const { browser: stranger } = await setUp(t)
  t.equal((await stranger.post('/app/notes', fields)).statusCode, 403)
})

await t.test('what goes wrong is said in words, and what was typed stays', async (t) => {
  const { browser, issuer, clock } = await setUp(t, { RATE_LIMIT_PER_MINUTE: '4' })
  await browser.signIn()
  const csrf = await browser.csrfToken()
  const empty = await browser.post('/app/notes', { csrf_token: csrf, text: '  ' })
  t.equal(empty.statusCode, 400)
  t.match(empty.body, 'Write something first.')
  t.match(empty.body, '<title>Error: ')

  const long = await browser.post('/app/notes', { csrf_token: csrf, text: 'long '.repeat(500) })
  t.equal(long.statusCode, 400)
  t.match(long.body, 'must not be longer than 2000 characters')
  t.match(long.body, 'long long')

  const limited = await browser.post('/app/notes', { csrf_token: csrf, text: 'typed' })
  t.equal(limited.statusCode, 429)
  t.match(limited.body, 'That was a lot at once')
  t.match(limited.body, '>typed</textarea>')

  clock.now += 700_000
  await issuer.stop()
  const away = await browser.send('/')
  t.equal(away.statusCode, 200)
  t.match(away.body, 'You are still signed in')
  t.match(away.body, 'id="sign-out"')
  const later = await browser.post('/app/notes', { csrf_token: csrf, text: 'typed' })
  t.equal(later.statusCode, 503)
  t.match(later.body, '>typed</textarea>')
})

await t.test('a session that the issuer ended', async (t) => {
  const { browser, issuer, clock } = await setUp(t)
  await browser.signIn()
  clock.now += 700_000
  issuer.overrides.set('/token', (_, response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"error":"invalid_grant"}'),
  )
  t.match((await browser.send('/')).body, 'Your session has ended')
  t.equal(browser.cookies.size, 0)
})

await t.test('a scope that was not granted', async (t) => {
  const { browser, issuer } = await setUp(t)
  issuer.settings.scope = 'openid notes:read'
  await browser.signIn()
  const page = (await browser.send('/')).body
  t.match(page, 'You did not allow this app to change your notes')
  t.notMatch(page, 'id="note-text"')
  issuer.settings.scope = 'openid'
  await browser.signIn()
  t.match((await browser.send('/')).body, 'The API says that this is not yours to do')
})

await t.test('an admin deletes by form', async (t) => {
  const { browser, issuer, as, mint } = await setUp(t)
  const bob = as(await mint({ sub: 'bob', scope: 'notes:write' }))
  const { id } = (await bob('POST', '/notes', { text: 'of bob' })).json<{ id: string }>()
  await browser.signIn()
  t.notMatch((await browser.send('/?all=true')).body, 'of bob', 'not for everybody')
  const csrf = await browser.csrfToken()
  t.equal((await browser.post(`/app/notes/${id}/delete`, { csrf_token: csrf })).statusCode, 403)
  issuer.settings.roles = ['admin']
  await browser.signIn()
  t.match((await browser.send('/?all=true')).body, 'of bob')
  const admin = await browser.csrfToken()
  t.equal((await browser.post(`/app/notes/${id}/delete`, { csrf_token: admin })).statusCode, 303)
  t.notMatch((await browser.send('/?all=true')).body, 'of bob')
})

await t.test('delete all: the second factor first, on the spot, then a confirmation', async (t) => {
  const { browser, clock } = await setUp(t)
  await browser.signIn()
  const csrf = await browser.csrfToken()
  await browser.post('/app/notes', { csrf_token: csrf, text: 'precious' })
  t.match((await browser.send('/')).body, 'href="/delete-all"')
  t.match((await browser.send('/delete-all')).body, 'Delete all your notes?')
  t.match((await browser.send('/')).body, 'precious', 'looking deletes nothing')

  const asked = await browser.post('/app/notes/delete-all', { csrf_token: csrf, proved: '' })
  t.equal(asked.statusCode, 303)
  const login = new URL(String(asked.headers.location))
  t.equal(login.origin + login.pathname, 'http://localhost:4001/bff/login')
  t.same(Object.fromEntries(login.searchParams), {
    acr_values: 'aal2',
    max_age: '300',
    return_to: '/delete-all?proved=1',
  })
  t.match((await browser.send('/')).body, 'precious')
  const back = await browser.signIn(login.pathname + login.search)
  t.equal(back.headers.location, 'http://localhost:4001/delete-all?proved=1')
  t.match((await browser.send('/delete-all?proved=1')).body, 'Signet has confirmed')
  t.match((await browser.send('/')).body, 'precious', 'coming back deletes nothing')

  clock.now += 301_000
  const fresh = await browser.csrfToken()
  const confirm = { csrf_token: fresh, proved: '1' }
  const late = await browser.post('/app/notes/delete-all', confirm)
  t.match(late.headers.location, '/bff/login?', 'too old by now: once more')
  await browser.signIn(login.pathname + login.search)
  const newest = { ...confirm, csrf_token: await browser.csrfToken() }
  const done = await browser.post('/app/notes/delete-all', newest)
  t.equal(done.headers.location, 'http://localhost:4001/#notes')
  t.match((await browser.send('/')).body, 'id="no-notes"')
})

await t.test('delete all without a factor to show ends in words, not in a circle', async (t) => {
  const { browser, issuer } = await setUp(t)
  issuer.settings.authentication = { acr: 'aal1' }
  await browser.signIn()
  const fields = { csrf_token: await browser.csrfToken(), proved: '' }
  await browser.post('/app/notes', { ...fields, text: 'precious' })
  const asked = await browser.post('/app/notes/delete-all', fields)
  const login = new URL(String(asked.headers.location))
  await browser.signIn(login.pathname + login.search)
  const proved = { csrf_token: await browser.csrfToken(), proved: '1' }
  const weak = await browser.post('/app/notes/delete-all', proved)
  t.equal(weak.statusCode, 403)
  t.match(weak.body, 'your account has none yet')
  t.match(weak.body, `href="${issuer.url}/account/two-step"`)
  t.match((await browser.send('/')).body, 'precious')

  t.equal((await browser.send('/delete-all', { method: 'POST' })).statusCode, 405)
  const forged = await browser.post('/app/notes/delete-all', { ...proved, csrf_token: 'x' })
  t.equal(forged.statusCode, 403)
  t.match(forged.body, 'did not come from this page')
  issuer.settings.scope = 'openid notes:read'
  await browser.signIn()
  t.notMatch((await browser.send('/')).body, 'href="/delete-all"')
  const reader = { csrf_token: await browser.csrfToken(), proved: '' }
  const refused = await browser.post('/app/notes/delete-all', reader)
  t.equal(refused.statusCode, 403)
  t.match(refused.body, 'lacks a scope')
  browser.cookies.clear()
  t.match((await browser.send('/delete-all')).body, 'id="sign-in"', 'signed out')
})

await t.test('sign-in that fails is explained', async (t) => {
  const { browser } = await setUp(t)
  const forged = await browser.send('/bff/callback?code=x&state=y')
  t.equal(forged.statusCode, 400)
  t.match(forged.body, 'role="alert"')
  t.match(forged.body, 'id="sign-in"')
})

await t.test('scripts use the proxy in mode bff, and the API in mode tmb', async (t) => {
  const { browser } = await setUp(t)
  await browser.signIn()
  const headers = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' }
  const added = await browser.send('/bff/api/notes', {
    method: 'POST',
    headers,
    payload: { text: 'é' },
  })
  t.equal(added.statusCode, 201)
  t.equal(
    (await browser.send('/bff/api/notes', { headers })).json<{ notes: { text: string }[] }>()
      .notes[0]?.text,
    'é',
  )
  t.equal((await browser.send('/bff/api/health/ready', { headers })).statusCode, 404)
  t.equal((await browser.send('/bff/token', { headers })).statusCode, 404)
  t.match((await browser.send('/')).body, 'data-mode="bff"')

  const { browser: tmb, app } = await setUp(t, { BFF_MODE: 'tmb' })
  await tmb.signIn()
  t.match((await tmb.send('/')).body, 'data-mode="tmb"')
  const { access_token: token } = (await tmb.send('/bff/token', { headers })).json<{
    access_token: string
  }>()
  const direct = await app.inject({ url: '/notes', headers: { authorization: `Bearer ${token}` } })
  t.equal(direct.statusCode, 200)
})
