import t from 'tap'

import { Browser } from '../helpers/browser.ts'
import { withoutPostgres } from '../helpers/database.ts'
import { startIdentity } from '../helpers/identity.ts'
import { onServer } from '../helpers/migrated-template.ts'
import { Provider, tokensOf } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { ada, everyScope, judge, world } from '../helpers/world.ts'

const skip = await withoutPostgres()

/** Closes the database to everybody, or opens it again: what a fail-over looks like from here. */
async function gate(databaseUrl: string, open: boolean) {
  const name = /signet_test_\w+/.exec(databaseUrl)?.[0] ?? ''
  await onServer(async (client) => {
    await client.query(`alter database ${name} allow_connections ${open}`)
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1'
    if (!open) await client.query(others, [name])
  })
}

void t.test('without its database the service refuses, never grants', { skip }, async (t) => {
  const identity = await startIdentity(t, { config: world(), database: 'postgres' })
  const { issuer, databaseUrl = '' } = identity
  const provider = new Provider(issuer)
  const rp = new RelyingParty(provider, judge)
  const browser = new Browser(issuer)
  const { request, callback } = await rp.code(browser, { scope: everyScope }, { person: ada })
  const { refreshToken, accessToken } = tokensOf(await rp.redeem(request, callback))
  const login = await new Browser(issuer).open(`${issuer}/login`)

  await gate(databaseUrl, false)
  t.teardown(() => gate(databaseUrl, true))

  const refresh = await rp.refresh(refreshToken)
  t.equal(refresh.status, 503)
  t.match(refresh.body, /temporarily_unavailable/)
  t.match(refresh.headers.get('retry-after'), /^\d+$/)
  const userinfo = await fetch(`${issuer}/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  t.equal(userinfo.status, 503)
  const page = await browser.submit(login, { email: ada.email, password: ada.password })
  t.ok([403, 503].includes(page.status), 'a form of another browser, or no database')
  const authorize = await browser.get((await rp.request({ prompt: 'none' })).url)
  t.equal(authorize.status, 503, 'no answer to the client that could be taken for signed out')
  t.notMatch(authorize.body, /select |at Object|node_modules/)
  t.equal((await fetch(`${issuer}/health/ready`)).status, 503)
  t.equal((await fetch(`${issuer}/health/live`)).status, 200)
  t.equal((await fetch(`${issuer}/.well-known/jwks.json`)).status, 200, 'keys go on')

  await gate(databaseUrl, true)
  let again = await rp.refresh(refreshToken)
  for (let tries = 0; again.status === 503 && tries < 50; tries += 1)
    again = await rp.refresh(refreshToken)
  t.equal(again.status, 200, 'the refused try cost nothing, and nothing had to be restarted')
})
