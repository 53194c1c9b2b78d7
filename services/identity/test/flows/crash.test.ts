import t from 'tap'
import { Browser } from '../helpers/browser.ts'
import { startProcesses } from '../helpers/identity.ts'
import { Provider, tokensOf, verdict } from '../helpers/provider.ts'
import { RelyingParty } from '../helpers/relying-party.ts'
import { judge, world } from '../helpers/world.ts'

// kill -9 in the middle of rotations: what was acknowledged stays, what was revoked stays dead.
const grants = 10
const crashes = 4
const rotationsPerCrash = 50
const config = world({ refresh_grace_seconds: 60 })
const processes = await startProcesses(t, { config, count: 1 })
const provider = new Provider(processes.issuer, processes.origins[0])
const rp = new RelyingParty(provider, judge)

/** What this side knows for certain of one grant. */
interface Ledger {
  /** The newest refresh token that an answer brought. */
  acknowledged: string
  rotations: number
}

/** Rotates one grant again and again until the service is gone. */
async function rotateUntilGone(ledger: Ledger, done: () => void): Promise<void> {
  for (;;) {
    let answer
    try {
      answer = await rp.refresh(ledger.acknowledged)
    } catch {
      return
    }
    ledger.acknowledged = tokensOf(answer).refreshToken
    ledger.rotations += 1
    done()
  }
}

void t.test(`${crashes} times kill -9 in the middle of rotations`, async (t) => {
  const browser = new Browser(processes.issuer, processes.origins[0])
  const ledgers: Ledger[] = []
  for (let i = 0; i < grants; i += 1) {
    const { tokens } = await rp.signIn(browser, { scope: 'openid offline_access' })
    ledgers.push({ acknowledged: tokens.refreshToken, rotations: 0 })
  }
  const revoked: string[] = []
  let total = 0
  for (let crash = 0; crash < crashes; crash += 1) {
    let count = 0
    let kill: Promise<void> | undefined
    let revocationAcknowledged = false
    const workers = ledgers.map((ledger) =>
      rotateUntilGone(ledger, () => {
        count += 1
        if (count >= rotationsPerCrash && revocationAcknowledged) kill ??= processes.kill9(0)
      }),
    )
    const { tokens } = await rp.signIn(browser, { scope: 'openid offline_access' })
    const next = tokensOf(await rp.refresh(tokens.refreshToken))
    t.equal((await provider.revoke(next.refreshToken, judge.authentication)).status, 200)
    revoked.push(tokens.refreshToken, next.refreshToken)
    revocationAcknowledged = true
    await Promise.all(workers)
    await kill
    total += count
    await processes.restart(0)
    for (const [index, ledger] of ledgers.entries()) {
      const answer = await rp.refresh(ledger.acknowledged)
      t.equal(verdict(answer), '200', `grant ${index}: the acknowledged token works`)
      ledger.acknowledged = tokensOf(answer).refreshToken
    }
    for (const token of revoked)
      t.equal(verdict(await rp.refresh(token)), '400 invalid_grant', 'revoked stays dead')
  }
  t.ok(total >= crashes * rotationsPerCrash, `${total} rotations`)
  t.ok(
    ledgers.every(({ rotations }) => rotations > 0),
    'each grant was turned',
  )
})

void t.test('a session survives, and so does its sign-out', async (t) => {
  const [stays, leaves] = [0, 1].map(() => new Browser(processes.issuer, processes.origins[0]))
  if (stays === undefined || leaves === undefined) return
  await rp.signIn(stays)
  const { tokens } = await rp.signIn(leaves)
  const old = leaves.twin()
  const url = String((await provider.metadata())['end_session_endpoint'])
  await leaves.open(`${url}?id_token_hint=${tokens.idToken}`)
  await processes.kill9(0)
  await processes.restart(0)
  const ask = async (browser: Browser) =>
    (await browser.authorize((await rp.request({ prompt: 'none' })).url)).callback?.params
  t.ok((await ask(stays))?.has('code'))
  t.equal((await ask(old))?.get('error'), 'login_required')
})

void t.test(
  'a code redeemed before the crash is not redeemed again after it (CVE-2026-9802)',
  async (t) => {
    const browser = new Browser(processes.issuer, processes.origins[0])
    const { request, callback } = await rp.code(browser, { scope: 'openid offline_access' })
    const tokens = tokensOf(await rp.redeem(request, callback))
    const next = tokensOf(await rp.refresh(tokens.refreshToken))
    await processes.kill9(0)
    await processes.restart(0)
    t.equal(verdict(await rp.refresh(next.refreshToken)), '200', 'the grant goes on')
    t.equal(verdict(await rp.redeem(request, callback)), '400 invalid_grant')
  },
)
