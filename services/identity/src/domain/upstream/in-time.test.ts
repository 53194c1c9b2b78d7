import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import type { UpstreamClient } from './client.ts'
import { inTime } from './in-time.ts'
import { googleProvider } from './provider.ts'
import { UpstreamError } from './refusal.ts'

const provider = googleProvider({
  clientId: 'id',
  clientSecret: 'secret',
  issuer: 'https://accounts.google.com',
  hostedDomain: undefined,
  link: 'proof',
  countsAsSecondFactor: false,
})
const departure = { redirectUri: 'r', state: 's', nonce: 'n', challenge: 'c', isAgain: false }
const answering = (address: () => Promise<string>): UpstreamClient => ({
  provider,
  address,
  person: () => Promise.reject(new Error('not asked')),
})

void t.test('a provider that is quick enough is left alone', async (t) => {
  const quick = inTime(answering(async () => 'https://a.test'))
  t.equal(await quick.address(departure), 'https://a.test')
  const broken = inTime(answering(() => Promise.reject(new UpstreamError('refused', 'no'))))
  await t.rejects(broken.address(departure), { name: 'UpstreamError', message: 'no' })
  t.equal(quick.provider, provider)
})

void t.test('one that answers slowly, request after request, is given up', async (t) => {
  const stop = new AbortController()
  t.teardown(() => stop.abort())
  const slow = inTime(
    answering(() => wait(60_000, 'late', { signal: stop.signal })),
    20,
  )
  await t.rejects(slow.address(departure), {
    name: 'UpstreamError',
    message: 'not done within 20 ms',
  })
})
