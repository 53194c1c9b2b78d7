import t from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider, verdict } from '../helpers/provider.ts'
import { type Changes, RelyingParty, s256 } from '../helpers/relying-party.ts'
import { judge, legacy, native, poster, spa, world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world() })
const provider = new Provider(identity.issuer)
const newBrowser = () => new Browser(identity.issuer)
const refused = /^400 invalid_(grant|request)$/

for (const client of [judge, poster, spa, native])
  void t.test(`${client.id} cannot do without PKCE (RFC 9700 §2.1.1)`, async (t) => {
    const rp = new RelyingParty(provider, client)
    const none: Changes = { code_challenge: undefined, code_challenge_method: undefined }
    const { url, state } = await rp.request(none)
    const { params } = mustReturn(await newBrowser().authorize(url))
    t.same([params.get('error'), params.get('state')], ['invalid_request', state])
  })

for (const [name, method] of [
  ['plain', 'plain'],
  ['no method, which means plain', undefined],
] as const)
  for (const client of [judge, spa, legacy])
    void t.test(`${client.id} with ${name} is refused (RFC 9700 §2.1.1)`, async (t) => {
      const rp = new RelyingParty(provider, client)
      const { url } = await rp.request({ code_challenge_method: method })
      const { params } = mustReturn(await newBrowser().authorize(url))
      t.equal(params.get('error'), 'invalid_request')
    })

const wrongVerifiers: readonly (readonly [string, (right: string) => string | undefined])[] = [
  ['missing (RFC 7636 §4.6)', () => undefined],
  ['empty', () => ''],
  ['of somebody else', () => 'x'.repeat(43)],
  ['with one character changed', (right) => (right.startsWith('A') ? 'B' : 'A') + right.slice(1)],
  ['in other case', (right) => swapCase(right)],
  ['cut off', (right) => right.slice(0, -1)],
  ['with a space after it', (right) => `${right} `],
  ['with NUL after it', (right) => `${right}\0`],
  ['the challenge itself', (right) => s256(right)],
  ['too short (RFC 7636 §4.1)', () => 'short'],
  ['too long (RFC 7636 §4.1)', () => 'x'.repeat(129)],
  ['of 100000 characters', () => 'x'.repeat(100_000)],
]

for (const client of [judge, spa])
  for (const [name, verifierFrom] of wrongVerifiers)
    void t.test(`${client.id}, verifier ${name}`, async (t) => {
      const rp = new RelyingParty(provider, client)
      const { request, callback } = await rp.code(newBrowser())
      const wrong = { code_verifier: verifierFrom(request.verifier) }
      const answer = await rp.redeem(request, callback, wrong)
      t.match(verdict(answer), name.includes('100000') ? /^4(00|13)/ : refused)
      t.notMatch(answer.body, 'access_token')
    })

void t.test('verifiers at the ends of what is allowed work (RFC 7636 §4.1)', async (t) => {
  const rp = new RelyingParty(provider, judge)
  for (const verifier of ['a'.repeat(43), 'Z'.repeat(128), `-._~${'0'.repeat(40)}`]) {
    const { request, callback } = await rp.code(newBrowser(), { code_challenge: s256(verifier) })
    const answer = await rp.redeem(request, callback, { code_verifier: verifier })
    t.equal(verdict(answer), '200', `${verifier.length} characters`)
  }
})

void t.test(
  'a verifier that matches but is shorter than 43 is refused (RFC 7636 §4.1)',
  async (t) => {
    const rp = new RelyingParty(provider, judge)
    const { request, callback } = await rp.code(newBrowser(), { code_challenge: s256('short') })
    t.match(verdict(await rp.redeem(request, callback, { code_verifier: 'short' })), refused)
  },
)

void t.test('the client that is exempt may go without', async (t) => {
  const rp = new RelyingParty(provider, legacy)
  const none: Changes = { code_challenge: undefined, code_challenge_method: undefined }
  const { request, callback } = await rp.code(newBrowser(), none)
  t.equal(verdict(await rp.redeem(request, callback)), '200')
})

void t.test('exempt, yet a challenge once given binds (CVE-2023-48228)', async (t) => {
  const rp = new RelyingParty(provider, legacy)
  const { request, callback } = await rp.code(newBrowser())
  const answer = await rp.redeem(request, callback, { code_verifier: undefined })
  t.match(verdict(answer), refused)
})

void t.test('a verifier without a challenge is a downgrade (RFC 9700 §4.8.2)', async (t) => {
  const rp = new RelyingParty(provider, legacy)
  const none: Changes = { code_challenge: undefined, code_challenge_method: undefined }
  const { request, callback } = await rp.code(newBrowser(), none)
  const answer = await rp.redeem(request, callback, { code_verifier: request.verifier })
  t.match(verdict(answer), refused)
})

void t.test('a wrong verifier does not use the code up', async (t) => {
  const rp = new RelyingParty(provider, spa)
  const { request, callback } = await rp.code(newBrowser())
  t.match(verdict(await rp.redeem(request, callback, { code_verifier: 'x'.repeat(43) })), refused)
  t.equal(verdict(await rp.redeem(request, callback)), '200')
})

void t.test('the verifier of one request is no good for the code of another', async (t) => {
  const rp = new RelyingParty(provider, spa)
  const browser = newBrowser()
  const one = await rp.code(browser)
  const two = await rp.code(browser)
  t.match(verdict(await rp.redeem(one.request, two.callback)), refused)
  t.match(verdict(await rp.redeem(two.request, one.callback)), refused)
})

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
}
