import t from 'tap'
import { challengedStepUp, stepUpOf, stepUpPath } from './step-up.ts'

const ERROR = 'error="insufficient_user_authentication"'

await t.test('a challenge is read as RFC 9110 writes it', async (t) => {
  const aal2 = { acrValues: ['aal2'], maxAgeSeconds: 300 }
  for (const text of [
    `Bearer realm="x", ${ERROR}, error_description="a, b=c", acr_values="aal2", max_age="300"`,
    `Bearer ${ERROR},acr_values=aal2,max_age=300`,
    `bearer acr_values = "aal2" , MAX_AGE = "300" , ${ERROR}`,
    `Basic realm="other", Bearer ${ERROR}, acr_values="aal2", max_age="300"`,
    `Bearer ${ERROR}, acr_values="aal2", max_age="300", Basic realm="other", max_age="1"`,
    `Negotiate YWJj==, Bearer ${ERROR}, acr_values="a\\al2", max_age="300"`,
  ])
    t.same(challengedStepUp(text), aal2, text)
  t.same(challengedStepUp(`Bearer ${ERROR}, acr_values="gold silver"`), {
    acrValues: ['gold', 'silver'],
    maxAgeSeconds: undefined,
  })
  t.same(challengedStepUp(`Bearer ${ERROR}`), { acrValues: [], maxAgeSeconds: undefined })
})

await t.test('other challenges ask for no step-up', async (t) => {
  for (const text of [
    null,
    undefined,
    '',
    'Bearer',
    'Bearer error="invalid_token", acr_values="aal2"',
    `Bearer realm="${ERROR.replaceAll('"', '\\"')}", error="invalid_token"`,
    `Bearer error_description="insufficient_user_authentication"`,
    `Bearer ${ERROR}${' '.repeat(3000)}`,
  ])
    t.equal(challengedStepUp(text), undefined, String(text).slice(0, 60))
})

await t.test(
  'of what an API or an address asks, only two well-formed values are taken',
  async (t) => {
    const nothing = { acrValues: [], maxAgeSeconds: undefined }
    for (const acr of ['', ' ', 'a  b', ' a', 'a"b', 'a\nb', 'é', ['a', 'b'], 7, 'a '.repeat(20)])
      t.same(stepUpOf(acr, undefined), nothing, JSON.stringify(acr))
    for (const age of ['', '-1', '1.5', '1e3', ' 1', '0x1', '9999999999', ['1', '2'], 5, '٣'])
      t.same(stepUpOf(undefined, age), nothing, JSON.stringify(age))
    t.same(stepUpOf('aal2 aal1', '0'), { acrValues: ['aal2', 'aal1'], maxAgeSeconds: 0 })
    t.same(
      challengedStepUp(`Bearer ${ERROR}, prompt="none", acr_values="a", max_age="x"`),
      { acrValues: ['a'], maxAgeSeconds: undefined },
      'the rest of the challenge goes no further',
    )
  },
)

await t.test('the way there and back', async (t) => {
  const asked = { acrValues: ['aal2', 'aal1'], maxAgeSeconds: 0 }
  t.equal(
    stepUpPath(asked, '/a?b=c&d#e'),
    '/bff/login?acr_values=aal2+aal1&max_age=0&return_to=%2Fa%3Fb%3Dc%26d%23e',
  )
  t.equal(stepUpPath({ acrValues: [], maxAgeSeconds: undefined }), '/bff/login')
})
