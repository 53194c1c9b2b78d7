import t from 'tap'
import { pageOf, waysOf } from './way.ts'

const factors = (authenticators: number, passkeys: number, recoveryCodes: number) => ({
  authenticators,
  passkeys,
  recoveryCodes,
})

void t.test('only what is enrolled is offered, the usual way first', async (t) => {
  t.same(waysOf(factors(2, 1, 10)), ['authenticator', 'passkey', 'recovery-code'])
  t.same(waysOf(factors(0, 1, 1)), ['passkey', 'recovery-code'])
  t.same(waysOf(factors(1, 0, 0)), ['authenticator'])
  t.same(waysOf(factors(0, 0, 10)), [], 'codes alone are no factor')
})

void t.test(
  'an address asks for a page; one that the person has not leads to the usual',
  async (t) => {
    const ways = waysOf(factors(1, 0, 3))
    for (const [asked, page] of [
      [undefined, 'authenticator'],
      ['', 'authenticator'],
      ['passkey', 'authenticator'],
      ['toString', 'authenticator'],
      ['recovery-code', 'recovery-code'],
      ['other', 'other'],
    ] as const)
      t.equal(pageOf(asked, ways), page, `${asked}`)
    for (const asked of [undefined, 'other', 'recovery-code', 'authenticator'])
      t.equal(pageOf(asked, []), undefined)
  },
)
