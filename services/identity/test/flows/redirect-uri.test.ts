import t from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { targetsOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { send } from '../helpers/wire.ts'
import { confidentialTwin, native, world } from '../helpers/world.ts'

// RFC 9700 §2.1: simple string comparison (RFC 3986 §6.2.1), nothing cleverer.
const registered = 'https://rp.example.test:8443/path/cb?tenant=1'
const { client, registration } = confidentialTwin('exact', [
  registered,
  'https://other.example.test/cb',
  'http://localhost:8765/cb',
  'http://127.0.0.1:4711/fixed',
])
const identity = await startIdentity(t, { config: world({}, [registration]) })
const provider = new Provider(identity.issuer)
const exact = new RelyingParty(provider, { ...client, redirectUri: registered })
const app = new RelyingParty(provider, native)

async function ask(rp: RelyingParty, redirect_uri: string) {
  const { url } = await rp.request({ redirect_uri, prompt: 'none' })
  return send(url)
}

const attacks: readonly (readonly [string, string])[] = [
  ['scheme in other case', 'HTTPS://rp.example.test:8443/path/cb?tenant=1'],
  ['host in other case', 'https://RP.example.test:8443/path/cb?tenant=1'],
  ['path in other case', 'https://rp.example.test:8443/Path/cb?tenant=1'],
  ['slash at the end', 'https://rp.example.test:8443/path/cb/?tenant=1'],
  ['slash doubled', 'https://rp.example.test:8443//path/cb?tenant=1'],
  ['userinfo before the host (CVE-2026-7504)', 'https://a@rp.example.test:8443/path/cb?tenant=1'],
  ['host as userinfo', 'https://rp.example.test:8443@evil.test/path/cb?tenant=1'],
  ['dot segments', 'https://rp.example.test:8443/x/../path/cb?tenant=1'],
  ['dot segments after', 'https://rp.example.test:8443/path/cb/../evil?tenant=1'],
  ['..; segment (CVE-2026-3872)', 'https://rp.example.test:8443/path/cb/..;/evil?tenant=1'],
  ['encoded dots', 'https://rp.example.test:8443/path/%2e%2e/path/cb?tenant=1'],
  ['encoded letter', 'https://rp.example.test:8443/p%61th/cb?tenant=1'],
  ['encoded slash', 'https://rp.example.test:8443/path%2fcb?tenant=1'],
  ['backslash', 'https://rp.example.test:8443\\path/cb?tenant=1'],
  ['query added', `${registered}&next=https://evil.test`],
  ['query changed', 'https://rp.example.test:8443/path/cb?tenant=2'],
  ['query left out', 'https://rp.example.test:8443/path/cb'],
  ['query empty', 'https://rp.example.test:8443/path/cb?'],
  ['fragment (RFC 6749 §3.1.2)', `${registered}#x`],
  ['empty fragment', `${registered}#`],
  ['prefix', 'https://rp.example.test:8443/path'],
  ['suffix of the host', 'https://rp.example.test.evil.test:8443/path/cb?tenant=1'],
  ['subdomain', 'https://evil.rp.example.test:8443/path/cb?tenant=1'],
  ['dot after the host', 'https://rp.example.test.:8443/path/cb?tenant=1'],
  ['port left out', 'https://rp.example.test/path/cb?tenant=1'],
  ['other port', 'https://rp.example.test:8444/path/cb?tenant=1'],
  ['port with a zero', 'https://rp.example.test:08443/path/cb?tenant=1'],
  ['default port written out', 'https://other.example.test:443/cb'],
  ['http for https', 'http://rp.example.test:8443/path/cb?tenant=1'],
  ['path parameter', 'https://rp.example.test:8443/path/cb;x=1?tenant=1'],
  ['space before', ` ${registered}`],
  ['space after', `${registered} `],
  ['line break after', `${registered}\n`],
  ['line break and a header', `${registered}\r\nX-Evil: 1`],
  ['tab inside the scheme', 'ht\ttps://rp.example.test:8443/path/cb?tenant=1'],
  ['NUL after', `${registered}\0`],
  ['two at once', `${registered} https://evil.test`],
  ['wildcard', 'https://*.example.test:8443/path/cb?tenant=1'],
  ['scheme-relative', '//rp.example.test:8443/path/cb?tenant=1'],
  ['homograph host', 'https://rр.example.test:8443/path/cb?tenant=1'],
  ['full-width slash', 'https://rp.example.test:8443／path/cb?tenant=1'],
]

for (const [name, uri] of attacks)
  void t.test(`string equality: ${name}`, async (t) => {
    const answer = await ask(exact, uri)
    t.equal(answer.status, 400)
    t.equal(answer.headers.get('location'), null, 'no redirect')
    const hosts = targetsOf(answer.body)
      .map((target) => new URL(target, answer.url))
      .filter(({ origin }) => origin !== new URL(identity.issuer).origin)
    t.same(hosts, [], 'and the page links nowhere else')
  })

for (const uri of [registered, 'https://other.example.test/cb', 'http://localhost:8765/cb'])
  void t.test(`registered: ${uri}`, async (t) => {
    const answer = await ask(exact, uri)
    t.equal(answer.status, 303)
    const location = answer.headers.get('location') ?? ''
    t.ok(location.startsWith(uri), location)
    t.equal(new URL(location).searchParams.get('error'), 'login_required')
  })

void t.test('a registered query stays, the answer is added (RFC 6749 §3.1.2)', async (t) => {
  const { params } = mustReturn(
    await new Browser(identity.issuer).authorize((await exact.request({ prompt: 'none' })).url),
  )
  t.equal(params.get('tenant'), '1')
  t.equal(params.get('error'), 'login_required')
})

for (const uri of [
  'http://127.0.0.1/cb',
  'http://127.0.0.1:1/cb',
  'http://127.0.0.1:51004/cb',
  'http://127.0.0.1:65535/cb',
  'http://[::1]/cb',
  'http://[::1]:51004/cb',
])
  void t.test(`loopback literal, any port (RFC 8252 §7.3): ${uri}`, async (t) => {
    const answer = await ask(app, uri)
    t.equal(answer.status, 303)
    t.ok(answer.headers.get('location')?.startsWith(`${uri}?`), 'to the very port asked for')
  })

void t.test('loopback literal registered with a port: any port still', async (t) => {
  const answer = await ask(exact, 'http://127.0.0.1:9999/fixed')
  t.equal(answer.status, 303)
})

for (const uri of [
  'http://localhost/cb',
  'http://localhost:8766/cb',
  'http://localhost:51004/cb',
  'http://127.0.0.1:51004/other',
  'http://127.0.0.1:51004/cb/',
  'http://127.0.0.1:51004/cb?x=1',
  'http://127.0.0.1:51004/cb#x',
  'https://127.0.0.1:51004/cb',
  'http://127.0.0.2:51004/cb',
  'http://127.1:51004/cb',
  'http://2130706433:51004/cb',
  'http://0x7f.0.0.1:51004/cb',
  'http://0.0.0.0:51004/cb',
  'http://[0:0:0:0:0:0:0:1]:51004/cb',
  'http://[::ffff:127.0.0.1]:51004/cb',
  'http://127.0.0.1.evil.test:51004/cb',
  'http://127.0.0.1@evil.test/cb',
  'http://127.0.0.1:51004@evil.test/cb',
  'http://x@127.0.0.1:51004/cb',
  'http://127.0.0.1:/cb',
  'http://127.0.0.1:65536/cb',
  'http://127.0.0.1:051004/cb',
  'http://127.0.0.1:+51004/cb',
  'http://127.0.0.1:5 1004/cb',
  'http://127.0.0.1:51004\\@evil.test/cb',
  'HTTP://127.0.0.1:51004/cb',
])
  void t.test(`no freedom beyond the port of a literal: ${uri}`, async (t) => {
    const answer = await ask(app, uri)
    t.equal(answer.status, 400)
    t.equal(answer.headers.get('location'), null)
  })

void t.test(
  'a code given for one redirect URI is no good with another (RFC 6749 §4.1.3)',
  async (t) => {
    const browser = new Browser(identity.issuer)
    const { request, callback } = await exact.code(browser)
    const wrong = await exact.redeem(request, callback, {
      redirect_uri: 'https://other.example.test/cb',
    })
    t.equal(wrong.status, 400)
    t.equal((await exact.redeem(request, callback)).status, 200, 'the right one still works')
  },
)
