import { mustReturn } from './browser.ts'
import { idClaims, type Module, newBrowser, passes, plain } from './certification.ts'
import { pack } from './jwt.ts'
import { tokensOf } from './provider.ts'
import { type Changes, RelyingParty } from './relying-party.ts'
import { ada, legacy } from './world.ts'

/** A request that must simply work, with something about it that must do no harm. */
function harmless(changes: Changes): Module {
  return async (t, exam) => {
    const signedIn = await passes(t, exam, legacy, newBrowser(exam), changes)
    t.same(signedIn.landing.steps[0], 'login')
  }
}

/** An unsigned request object (OIDC Core 1.0 §6.1). */
function requestObject(claims: Record<string, unknown>): string {
  return `${pack({ alg: 'none', typ: 'oauth-authz-req+jwt' })}.${pack(claims)}.`
}

/** Modules of the Basic plans about the authorization request and the session. */
export const requestModules: Readonly<Record<string, Module>> = {
  'oidcc-response-type-missing': async (t, exam) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const request = await rp.request(plain(exam, { response_type: undefined }))
    const { callback, answer } = await newBrowser(exam).authorize(request.url)
    if (callback === undefined) t.equal(answer.status, 400)
    else {
      t.match(callback.params.get('error'), /^(invalid_request|unsupported_response_type)$/)
      t.equal(callback.params.get('state'), request.state)
      t.notOk(callback.params.has('code'))
    }
  },
  'oidcc-alternate-happy-flow': async (t, exam) => {
    const browser = newBrowser(exam)
    const signedIn = await passes(t, exam, legacy, browser, { scope: 'email openid profile' })
    const rp = new RelyingParty(exam.provider, legacy)
    const request = await rp.request(plain(exam, { scope: 'profile email openid' }))
    const reversed = new URLSearchParams([...request.params].toReversed())
    const url = `${request.url.replace(/\?.*$/, '')}?${reversed}`
    const landing = await browser.authorize(url, { person: ada, consent: 'allow' })
    const tokens = tokensOf(await rp.redeem(request, mustReturn(landing)))
    const callback = mustReturn(landing)
    t.equal(idClaims({ request, landing, callback, tokens })['sub'], idClaims(signedIn)['sub'])
  },
  'oidcc-display-page': harmless({ display: 'page' }),
  'oidcc-display-popup': harmless({ display: 'popup' }),
  'oidcc-ui-locales': harmless({ ui_locales: 'se' }),
  'oidcc-claims-locales': harmless({ claims_locales: 'se' }),
  'oidcc-login-hint': harmless({ login_hint: 'buffy@localhost' }),
  'oidcc-ensure-request-with-unknown-parameter-succeeds': harmless({ extra: 'foobar' }),
  'oidcc-ensure-request-with-acr-values-succeeds': async (t, exam) => {
    const supported = (await exam.provider.metadata())['acr_values_supported']
    t.ok(Array.isArray(supported) && supported.length > 0, 'acr_values_supported is published')
    const asked = Array.isArray(supported) ? supported.map(String) : ['1', '2']
    const signedIn = await passes(t, exam, legacy, newBrowser(exam), {
      acr_values: asked.join(' '),
    })
    t.ok(asked.includes(String(idClaims(signedIn)['acr'])), 'acr is one of those asked')
  },
  'oidcc-prompt-login': async (t, exam) => {
    const browser = newBrowser(exam)
    const first = idClaims(await passes(t, exam, legacy, browser, { max_age: '15000' }))
    exam.identity.clock.advance(2)
    const second = await passes(t, exam, legacy, browser, { prompt: 'login', max_age: '15000' })
    t.ok(second.landing.steps.includes('login'), 'the login page is shown again')
    t.ok(Number(idClaims(second)['auth_time']) > Number(first['auth_time']), 'auth_time is later')
    t.equal(idClaims(second)['sub'], first['sub'])
  },
  'oidcc-prompt-none-not-logged-in': async (t, exam) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const request = await rp.request(plain(exam, { prompt: 'none' }))
    const { params, mode } = mustReturn(await newBrowser(exam).authorize(request.url))
    t.equal(mode, exam.mode)
    t.equal(params.get('error'), 'login_required')
    t.equal(params.get('state'), request.state)
    t.notOk(params.has('code'))
  },
  'oidcc-prompt-none-logged-in': async (t, exam) => {
    const browser = newBrowser(exam)
    const first = idClaims(await passes(t, exam, legacy, browser, { max_age: '15000' }))
    exam.identity.clock.advance(2)
    const second = await passes(t, exam, legacy, browser, { prompt: 'none', max_age: '15000' })
    t.same(second.landing.steps, [], 'no page')
    t.equal(idClaims(second)['sub'], first['sub'])
    t.equal(idClaims(second)['auth_time'], first['auth_time'])
  },
  'oidcc-max-age-1': async (t, exam) => {
    const browser = newBrowser(exam)
    const first = await passes(t, exam, legacy, browser)
    exam.identity.clock.advance(2)
    const second = await passes(t, exam, legacy, browser, { max_age: '1' })
    t.ok(second.landing.steps.includes('login'), 'the login page is shown again')
    const [before, after] = [idClaims(first), idClaims(second)]
    t.type(after['auth_time'], 'number', 'auth_time is due with max_age')
    t.equal(after['sub'], before['sub'])
    if (before['auth_time'] !== undefined)
      t.ok(Number(after['auth_time']) > Number(before['auth_time']))
  },
  'oidcc-max-age-10000': async (t, exam) => {
    const browser = newBrowser(exam)
    const first = idClaims(await passes(t, exam, legacy, browser, { max_age: '15000' }))
    exam.identity.clock.advance(2)
    const second = await passes(t, exam, legacy, browser, { max_age: '10000' })
    t.same(second.landing.steps, [], 'no page')
    t.equal(idClaims(second)['auth_time'], first['auth_time'])
    t.equal(idClaims(second)['sub'], first['sub'])
  },
  'oidcc-id-token-hint': async (t, exam) => {
    const browser = newBrowser(exam)
    const first = await passes(t, exam, legacy, browser)
    const second = await passes(t, exam, legacy, browser, {
      prompt: 'none',
      id_token_hint: first.tokens.idToken,
    })
    t.same(second.landing.steps, [], 'no page')
    t.equal(idClaims(second)['sub'], idClaims(first)['sub'])
  },
  'oidcc-ensure-registered-redirect-uri': async (t, exam) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const request = await rp.request(plain(exam, { redirect_uri: `${legacy.redirectUri}-other` }))
    const { answer, callback } = await newBrowser(exam).authorize(request.url)
    t.equal(callback, undefined, 'no redirect')
    t.equal(answer.status, 400)
    t.match(answer.headers.get('content-type'), /^text\/html/)
  },
  'oidcc-ensure-post-request-succeeds': async (t, exam) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const request = await rp.request(plain(exam))
    const browser = newBrowser(exam)
    const posted = await browser.post(request.url.replace(/\?.*$/, ''), request.params, {
      origin: 'https://legacy.example.test',
      'sec-fetch-site': 'cross-site',
    })
    const manners = { person: ada, consent: 'allow' } as const
    const landing = await browser.walk(await browser.follow(posted), manners)
    t.equal(mustReturn(landing).params.get('state'), request.state)
    const tokens = tokensOf(await rp.redeem(request, mustReturn(landing)))
    t.ok(tokens.idToken)
  },
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': async (
    t,
    exam,
  ) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const object = requestObject({
      client_id: legacy.id,
      scope: 'openid',
      state: 'from-the-object',
    })
    const request = await rp.request(plain(exam, { request: object }))
    const { params } = mustReturn(await newBrowser(exam).authorize(request.url))
    t.equal(params.get('error'), 'request_not_supported')
    t.equal(params.get('state'), request.state)
  },
  'oidcc-ensure-request-object-with-redirect-uri': async (t, exam) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const request = requestObject({ redirect_uri: legacy.redirectUri, client_id: legacy.id })
    const redirect_uri = 'https://elsewhere.example.test/cb'
    const { url } = await rp.request(plain(exam, { request, redirect_uri }))
    const { answer, callback } = await newBrowser(exam).authorize(url)
    t.equal(callback, undefined, 'no redirect, to either place')
    t.equal(answer.status, 400)
  },
}
