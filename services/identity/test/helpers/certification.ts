import type { Test } from 'tap'
import { Browser } from './browser.ts'
import type { Identity } from './identity.ts'
import { decodeJwt, leftHalfHash, verifyJwt } from './jwt.ts'
import type { Provider } from './provider.ts'
import { type Changes, RelyingParty, type SignedIn } from './relying-party.ts'
import { dateOf, secondsOf } from './time.ts'
import { ada, type TestClient } from './world.ts'
import { jsonOf } from './wire.ts'

/** What a certification module is run against. */
export interface Exam {
  readonly identity: Identity
  readonly provider: Provider
  readonly mode: 'query' | 'form_post'
}

export type Module = (t: Test, exam: Exam) => Promise<void>

/** The suite's static clients send no PKCE unless a module is about it. */
export function plain(exam: Exam, changes: Changes = {}): Changes {
  return {
    code_challenge: undefined,
    code_challenge_method: undefined,
    ...(exam.mode === 'form_post' ? { response_mode: 'form_post' } : {}),
    ...changes,
  }
}

export function newBrowser(exam: Exam): Browser {
  return new Browser(exam.identity.issuer)
}

/** Signs in and checks what the suite checks of every positive answer, in every module. */
export async function passes(
  t: Test,
  exam: Exam,
  client: TestClient,
  browser: Browser,
  changes: Changes = {},
): Promise<SignedIn> {
  const rp = new RelyingParty(exam.provider, client)
  const signedIn = await rp.signIn(browser, plain(exam, changes), { person: ada })
  const { callback, request, tokens } = signedIn
  t.equal(callback.mode, exam.mode, 'the answer comes by the mode asked for')
  t.equal(callback.uri, client.redirectUri, 'to the redirect URI')
  t.equal(callback.params.get('state') ?? '', request.state, 'with the state')
  t.equal(callback.params.get('iss'), exam.identity.issuer, 'with iss (RFC 9207 §2)')
  t.ok((callback.params.get('code') ?? '').length >= 22, 'with a code of 128 bits or more')
  t.match(tokens.json['token_type'], /^bearer$/i)
  t.type(tokens.json['expires_in'], 'number')
  await checkIdToken(t, exam, client, signedIn)
  return signedIn
}

/** OIDC Core 1.0 §3.1.3.7, as a strict client would. */
async function checkIdToken(
  t: Test,
  exam: Exam,
  client: TestClient,
  { request, tokens }: SignedIn,
): Promise<void> {
  const { header, claims } = await verifyJwt(exam.provider, tokens.idToken, {
    audience: client.id,
    now: dateOf(exam.identity),
  })
  t.equal(header['alg'], 'RS256', 'RS256 by default')
  t.type(header['kid'], 'string')
  t.match(claims['sub'], /^[\x21-\x7e]{1,255}$/, 'sub is at most 255 ASCII characters')
  t.equal(claims['nonce'] ?? '', request.nonce, 'the nonce, or none')
  const now = secondsOf(exam.identity)
  const [iat, exp] = [Number(claims['iat']), Number(claims['exp'])]
  t.ok(Math.abs(iat - now) <= 10 && exp > now, 'iat is now, exp is later')
  t.equal(claims['at_hash'] ?? leftHalfHash(tokens.accessToken), leftHalfHash(tokens.accessToken))
  if (claims['azp'] !== undefined) t.equal(claims['azp'], client.id)
  if (claims['auth_time'] !== undefined) t.ok(Number(claims['auth_time']) <= iat)
  const unasked = ['name', 'email', 'given_name', 'phone_number', 'address', 'birthdate']
  for (const name of unasked) t.notOk(name in claims, `no ${name} in the ID token (§5.4)`)
}

export function idClaims(signedIn: SignedIn): Record<string, unknown> {
  return decodeJwt(signedIn.tokens.idToken).claims
}

/** Userinfo of a sign-in, checked to be about the same person (OIDC Core 1.0 §5.3.2). */
export async function userinfoOf(
  t: Test,
  exam: Exam,
  signedIn: SignedIn,
): Promise<Record<string, unknown>> {
  const answer = await exam.provider.userinfo(signedIn.tokens.accessToken)
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^application\/json/)
  const claims = jsonOf(answer)
  t.equal(claims['sub'], idClaims(signedIn)['sub'], 'the sub of the ID token')
  return claims
}
