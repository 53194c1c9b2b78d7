import pg from 'pg'
import t, { type Test } from 'tap'
import { Browser, mustReturn } from '../helpers/browser.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { ada, asker, bob, inspector, machine, world } from '../helpers/world.ts'

// Round trips to the database are the largest cost of an operation after its signatures, so each has a budget.

const statements: string[] = []
const client = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown }
const query = client.query
client.query = function counted(this: unknown, ...given: unknown[]) {
  statements.push(textOf(given[0]))
  return query.apply(this, given)
}
t.teardown(() => {
  client.query = query
})

const identity = await startIdentity(t, { config: world(), database: 'postgres' })
const provider = new Provider(identity.issuer)
const rp = new RelyingParty(provider, asker)
const scope = 'openid profile offline_access notes:read'
const browser = new Browser(identity.issuer)
// Consent is explicit for this client: from here on it is remembered, and the session lives.
const { tokens } = await rp.signIn(browser, { scope })

/**
 * Checks what one operation takes in the steady state: the least of some batches, since a memory of a few seconds
 * may be refilled, or the clean-up may run, in any one of them.
 */
async function within(
  t: Test,
  { least = 0, most }: { readonly least?: number; readonly most: number },
  operation: () => Promise<void>,
) {
  const batches: string[][] = []
  for (let batch = 0; batch < 4; batch += 1) {
    statements.length = 0
    for (let i = 0; i < 5; i += 1) await operation()
    batches.push([...statements])
  }
  const [fewest = []] = batches.toSorted((a, b) => a.length - b.length)
  const each = fewest.length / 5
  t.ok(each <= most, `${each} statements, at most ${most}`, { statements: fewest })
  if (least > 0)
    t.ok(each >= least, `${each} statements, at least ${least}`, { statements: fewest })
}

void t.test('client credentials: one at most', async (t) => {
  await within(t, { most: 1 }, async () => {
    const params = { grant_type: 'client_credentials', scope: 'notes:read' }
    const answer = await provider.token(params, machine.authentication)
    t.equal(verdict(answer), '200')
  })
})

void t.test('refresh: one, which rotates', async (t) => {
  let { refreshToken } = tokens
  await within(t, { least: 1, most: 1 }, async () => {
    const next = tokensOf(await rp.refresh(refreshToken)).refreshToken
    t.not(next, refreshToken)
    refreshToken = next
  })
})

void t.test('code flow of a live session with consent: three at most in all', async (t) => {
  await within(t, { least: 1, most: 3 }, async () => {
    const request = await rp.request({ scope })
    const callback = mustReturn(await browser.authorize(request.url))
    t.ok(tokensOf(await rp.redeem(request, callback)).idToken)
  })
})

void t.test('the same with several people signed in, of whom it names nobody', async (t) => {
  const several = new Browser(identity.issuer)
  await rp.signIn(several, { scope, prompt: 'login' }, { person: bob })
  await rp.signIn(several, { scope, prompt: 'login' }, { person: ada })
  await within(t, { least: 1, most: 3 }, async () => {
    const request = await rp.request({ scope })
    const callback = mustReturn(await several.authorize(request.url))
    t.ok(tokensOf(await rp.redeem(request, callback)).idToken)
  })
})

void t.test('introspection of an access token: one, which looks for its end', async (t) => {
  const { tokens } = await rp.signIn(browser, { scope })
  await within(t, { least: 1, most: 1 }, async () => {
    const seen = await provider.introspect(tokens.accessToken, inspector.authentication)
    t.equal(seen['active'], true)
  })
})

void t.test('introspection of a refresh token: one', async (t) => {
  const { tokens } = await rp.signIn(browser, { scope })
  await within(t, { least: 1, most: 1 }, async () => {
    const seen = await provider.introspect(tokens.refreshToken, inspector.authentication)
    t.equal(seen['active'], true)
  })
})

void t.test('userinfo: one, which looks for the end of the token', async (t) => {
  const { tokens } = await rp.signIn(browser, { scope })
  await within(t, { least: 1, most: 1 }, async () => {
    t.equal((await provider.userinfo(tokens.accessToken)).status, 200)
  })
})

void t.test('discovery and JWKS: none', async (t) => {
  await within(t, { most: 0 }, async () => {
    t.ok((await new Provider(identity.issuer).keys()).length > 0)
  })
})

void t.test('refused before the database: forged and foreign tokens', async (t) => {
  await within(t, { most: 0 }, async () => {
    t.equal((await provider.userinfo(`${tokens.accessToken}x`)).status, 401)
    t.equal(verdict(await rp.refresh(`${tokens.refreshToken}x`)), '400 invalid_grant')
    const wrong = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://x.test' }
    t.equal(verdict(await provider.token(wrong, asker.authentication)), '400 invalid_grant')
  })
})

void t.test('the count sees transactions too: a password sign-in', async (t) => {
  const signIn = async (at: Browser) => {
    const page = await at.open((await rp.request({ scope, prompt: 'login' })).url)
    t.ok(mustReturn(await at.walk(await at.signIn(page, ada), { person: ada })))
  }
  const known = new Browser(identity.issuer)
  await signIn(known)
  await within(t, { least: 5, most: 16 }, async () => signIn(known))
  // A device that nobody knows passes two budgets and causes a letter.
  await within(t, { least: 5, most: 18 }, async () => signIn(new Browser(identity.issuer)))
})

/** The text of a statement, however it was given to the driver. */
function textOf(given: unknown): string {
  if (typeof given === 'string') return given
  if (typeof given === 'object' && given !== null && 'text' in given) return String(given.text)
  return 'a statement of another kind'
}
