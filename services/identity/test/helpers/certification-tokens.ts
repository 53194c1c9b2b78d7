import type { Test } from 'tap'
import {
  type Exam,
  idClaims,
  type Module,
  newBrowser,
  passes,
  plain,
  userinfoOf,
} from './certification.ts'
import { stringOf, tokensOf, verdict } from './provider.ts'
import { RelyingParty, s256 } from './relying-party.ts'
import { isRecord, jsonOf, send } from './wire.ts'
import { ada, legacy, legacy2, legacyPost } from './world.ts'

type ClaimType = 'string' | 'number' | 'boolean' | 'object'

const claimTypes: Readonly<Record<string, Readonly<Record<string, ClaimType>>>> = {
  profile: {
    name: 'string',
    given_name: 'string',
    family_name: 'string',
    middle_name: 'string',
    nickname: 'string',
    preferred_username: 'string',
    profile: 'string',
    picture: 'string',
    website: 'string',
    gender: 'string',
    birthdate: 'string',
    zoneinfo: 'string',
    locale: 'string',
    updated_at: 'number',
  },
  email: { email: 'string', email_verified: 'boolean' },
  address: { address: 'object' },
  phone: { phone_number: 'string', phone_number_verified: 'boolean' },
}

function scopeModule(...scopes: string[]): Module {
  return async (t, exam) => {
    const scope = ['openid', ...scopes].join(' ')
    const signedIn = await passes(t, exam, legacy, newBrowser(exam), { scope })
    const claims = await userinfoOf(t, exam, signedIn)
    for (const granted of scopes)
      for (const [name, type] of Object.entries(claimTypes[granted] ?? {})) {
        t.equal(typeof claims[name], type, `${name} of scope ${granted} is a ${type}`)
        t.notMatch(String(claims[name]), /^$/, `${name} is not empty`)
      }
    for (const [other, names] of Object.entries(claimTypes))
      if (!scopes.includes(other))
        for (const name of Object.keys(names))
          t.notOk(name in claims, `no ${name} without scope ${other}`)
    if (scopes.includes('address'))
      t.ok(isRecord(claims['address']) && claims['address']['country'])
  }
}

function userinfoModule(present: (token: string) => Parameters<typeof send>[1]): Module {
  return async (t, exam) => {
    const signedIn = await passes(t, exam, legacy, newBrowser(exam))
    const url = await exam.provider.endpoint('userinfo_endpoint')
    const answer = await send(url, present(signedIn.tokens.accessToken))
    t.equal(answer.status, 200)
    t.match(answer.headers.get('content-type'), /^application\/json/)
    t.equal(jsonOf(answer)['sub'], idClaims(signedIn)['sub'])
  }
}

async function codeReuse(t: Test, exam: Exam, waitSeconds: number): Promise<void> {
  const rp = new RelyingParty(exam.provider, legacy)
  const { request, callback } = await rp.code(newBrowser(exam), plain(exam))
  const first = tokensOf(await rp.redeem(request, callback))
  t.equal((await exam.provider.userinfo(first.accessToken)).status, 200)
  if (waitSeconds > 0) exam.identity.clock.advance(waitSeconds)
  t.equal(verdict(await rp.redeem(request, callback)), '400 invalid_grant')
  if (waitSeconds > 0)
    t.equal(
      (await exam.provider.userinfo(first.accessToken)).status,
      401,
      'the first access token is dead (RFC 6749 §4.1.2)',
    )
}

/** Modules of the Basic plans about tokens, claims and client authentication. */
export const tokenModules: Readonly<Record<string, Module>> = {
  'oidcc-server': async (t, exam) => {
    const signedIn = await passes(t, exam, legacy, newBrowser(exam))
    await userinfoOf(t, exam, signedIn)
  },
  'oidcc-server-client-secret-post': async (t, exam) => {
    await passes(t, exam, legacyPost, newBrowser(exam))
  },
  'oidcc-userinfo-get': userinfoModule((token) => ({
    headers: { authorization: `Bearer ${token}` },
  })),
  'oidcc-userinfo-post-header': userinfoModule((token) => ({
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })),
  'oidcc-userinfo-post-body': userinfoModule((token) => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ access_token: token }).toString(),
  })),
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': async (t, exam) => {
    const signedIn = await passes(t, exam, legacy, newBrowser(exam), { nonce: undefined })
    t.notOk('nonce' in idClaims(signedIn), 'no nonce out of nowhere')
  },
  'oidcc-scope-profile': scopeModule('profile'),
  'oidcc-scope-email': scopeModule('email'),
  'oidcc-scope-address': scopeModule('address'),
  'oidcc-scope-phone': scopeModule('phone'),
  'oidcc-scope-all': scopeModule('profile', 'email', 'address', 'phone'),
  'oidcc-claims-essential': async (t, exam) => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
    const signedIn = await passes(t, exam, legacy, newBrowser(exam), { claims })
    t.equal((await userinfoOf(t, exam, signedIn))['name'], 'Ada Lovelace')
  },
  'oidcc-codereuse': async (t, exam) => codeReuse(t, exam, 0),
  'oidcc-codereuse-30seconds': async (t, exam) => codeReuse(t, exam, 30),
  'oidcc-refresh-token': async (t, exam) => {
    const scope = 'openid email offline_access'
    const changes = { scope, prompt: 'consent' }
    const signedIn = await passes(t, exam, legacy, newBrowser(exam), changes)
    const { refreshToken } = signedIn.tokens
    t.ok(refreshToken, 'offline_access brings a refresh token')
    const stranger = new RelyingParty(exam.provider, legacy2)
    t.match(verdict(await stranger.refresh(refreshToken)), /^40[01] invalid_(grant|client)$/)
    const rp = new RelyingParty(exam.provider, legacy)
    const next = tokensOf(await rp.refresh(refreshToken))
    t.not(next.accessToken, signedIn.tokens.accessToken)
    t.equal((await exam.provider.userinfo(next.accessToken)).status, 200)
    const again = tokensOf(await rp.refresh(next.refreshToken || refreshToken))
    t.equal((await exam.provider.userinfo(again.accessToken)).status, 200)
    const sub = stringOf(idClaims(signedIn)['sub'])
    t.equal(jsonOf(await exam.provider.userinfo(again.accessToken))['sub'], sub)
  },
  'oidcc-ensure-request-with-valid-pkce-succeeds': async (t, exam) => {
    const rp = new RelyingParty(exam.provider, legacy)
    const verifier = 'v'.repeat(43)
    const request = await rp.request(
      plain(exam, { code_challenge: s256(verifier), code_challenge_method: 'S256' }),
    )
    const landing = await newBrowser(exam).authorize(request.url, { person: ada, consent: 'allow' })
    t.ok(landing.callback)
    if (landing.callback === undefined) return
    const answer = await rp.redeem(request, landing.callback, { code_verifier: verifier })
    t.equal(verdict(answer), '200')
  },
}
