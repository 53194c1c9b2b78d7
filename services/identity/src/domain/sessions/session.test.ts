import t from 'tap'
import { shownHere } from './session.ts'

void t.test('a provider’s word is no second factor that was shown here', async (t) => {
  const worth = (acr: string, ...amr: string[]) => shownHere({ acr, amr })
  t.equal(worth('aal2', 'fed', 'mfa'), 'aal1')
  t.equal(worth('aal2', 'mfa', 'fed'), 'aal1')
  t.equal(worth('aal1', 'fed'), 'aal1')
  t.equal(worth('aal1', 'pwd'), 'aal1')
  t.equal(worth('aal1', 'fed', 'otp'), 'aal1', 'a code by mail raises nothing')
  for (const shown of [
    ['pwd', 'otp', 'mfa'],
    ['fed', 'otp', 'mfa'],
    ['fed', 'mfa', 'otp'],
    ['fed', 'mfa', 'hwk'],
    ['swk', 'user', 'mfa'],
  ])
    t.equal(worth('aal2', ...shown), 'aal2', shown.join(' '))
})
