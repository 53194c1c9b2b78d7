import t from 'tap'
import { isOwnCall, isOwnForm, requestOrigin } from './own-origin.ts'

const own = 'https://app.example'

await t.test('what the browser tells of the origin', async (t) => {
  const cases: [string | undefined, string | undefined, string][] = [
    [own, 'same-origin', 'own'],
    [own, undefined, 'own'],
    [undefined, 'same-origin', 'own'],
    ['null', 'same-origin', 'own'],
    [undefined, undefined, 'unknown'],
    ['null', undefined, 'foreign'],
    ['null', 'cross-site', 'foreign'],
    [own, 'cross-site', 'foreign'],
    [own, 'same-site', 'foreign'],
    [undefined, 'none', 'foreign'],
    [undefined, '', 'foreign'],
    ['https://app.example.evil', 'same-origin', 'foreign'],
    ['http://app.example', undefined, 'foreign'],
    ['https://app.example:8443', undefined, 'foreign'],
    ['HTTPS://APP.EXAMPLE', undefined, 'foreign'],
    ['', undefined, 'foreign'],
  ]
  for (const [origin, site, verdict] of cases) {
    const headers = {
      ...(origin === undefined ? {} : { origin }),
      ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    }
    t.equal(requestOrigin(headers, own), verdict, `${origin} ${site}`)
  }
})

await t.test('calls need the header; forms need the token and a named origin', async (t) => {
  t.equal(isOwnCall({ 'x-csrf': '1' }, own), true)
  t.equal(isOwnCall({ 'x-csrf': '1, 1' }, own), false)
  t.equal(isOwnCall({}, own), false)
  t.equal(isOwnForm({ origin: own }, own, 'token', 'token'), true)
  t.equal(isOwnForm({ origin: own }, own, 'Token', 'token'), false)
  t.equal(isOwnForm({ origin: own }, own, ['token'], 'token'), false)
  t.equal(isOwnForm({ origin: own }, own, undefined, 'token'), false)
  t.equal(isOwnForm({}, own, 'token', 'token'), false)
})
