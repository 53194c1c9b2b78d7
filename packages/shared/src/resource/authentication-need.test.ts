import t from 'tap'
import { authenticationNeed, isAuthenticatedEnough } from './authentication-need.ts'

const LEVELS = ['aal1', 'aal2', 'aal3']
const now = 1_800_000_000

await t.test('a level is met by itself and by those above it', async (t) => {
  t.same(authenticationNeed(LEVELS, 'aal2').acrValues, ['aal2', 'aal3'])
  t.same(authenticationNeed(LEVELS, 'phr').acrValues, ['phr'], 'one that is not in the list')
  const met = (acr: string | undefined, wanted: string) =>
    isAuthenticatedEnough({ acr, authTime: undefined }, authenticationNeed(LEVELS, wanted), now)
  t.equal(met('aal2', 'aal2'), true)
  t.equal(met('aal3', 'aal2'), true)
  t.equal(met('aal1', 'aal2'), false)
  t.equal(met('aal1', 'aal1'), true)
  t.equal(met('aal3', 'phr'), false, 'nothing is known of the order')
  t.equal(met('AAL2', 'aal2'), false)
  t.equal(met('aal1 aal2', 'aal2'), false)
  t.equal(met('aal22', 'aal2'), false)
  t.equal(met('', 'aal1'), false)
  t.equal(met(undefined, 'aal1'), false)
})

await t.test('an age is counted from the sign-in', async (t) => {
  const met = (authTime: number | undefined, maxAge: number, acr = 'aal2') => {
    const need = authenticationNeed(LEVELS, 'aal2', { maxAge })
    return isAuthenticatedEnough({ acr, authTime }, need, now)
  }
  t.equal(met(now, 300), true)
  t.equal(met(now - 300, 300), true)
  t.equal(met(now - 301, 300), false)
  t.equal(met(now, 0), true)
  t.equal(met(now - 1, 0), false)
  t.equal(met(undefined, 300), false, 'no time, no age')
  t.equal(met(now + 5, 300), true, 'two clocks')
  t.equal(met(now + 6, 300), false)
  t.equal(met(now + 1e9, 300), false)
  t.equal(met(now, 300, 'aal1'), false, 'recent, but too weak')
})

await t.test('needs that could never be met are refused where they are written', async (t) => {
  for (const maxAge of [-1, 1.5, NaN, Infinity, 2 ** 53])
    t.throws(() => authenticationNeed(LEVELS, 'aal2', { maxAge }), TypeError, String(maxAge))
  for (const acr of ['', 'a b', 'a"b', 'a\\b', 'é', 'a\r\nX: y'])
    t.throws(() => authenticationNeed(LEVELS, acr), TypeError, JSON.stringify(acr))
  t.throws(() => authenticationNeed(['aal1', 'a b'], 'aal1'), TypeError)
})
