import t from 'tap'
import { createSeal } from './seal.ts'

const [one, two] = ['1'.repeat(32), '2'.repeat(32)]

await t.test('what is sealed opens, for its purpose and under its secret only', async (t) => {
  const value = { text: 'é', list: [1, null] }
  const sealed = createSeal([one], 'session').seal(value)
  t.match(sealed, /^[A-Za-z0-9_-]+$/)
  t.same(createSeal([one], 'session').open(sealed), value)
  t.same(createSeal([two, one], 'session').open(sealed), value, 'an older secret still opens')
  t.equal(createSeal([two], 'session').open(sealed), undefined)
  t.equal(createSeal([one], 'transaction').open(sealed), undefined)
  t.not(createSeal([one], 'session').seal(value), sealed, 'never twice the same')
})

await t.test('nothing else opens', async (t) => {
  const seal = createSeal([one], 'session')
  const sealed = Buffer.from(seal.seal({ admin: false }), 'base64url')
  for (let index = 0; index < sealed.length; index += 1) {
    const touched = Buffer.from(sealed)
    touched[index] = (touched[index] ?? 0) ^ 1
    if (seal.open(touched.toString('base64url')) !== undefined) t.fail(`byte ${index} was touched`)
  }
  for (let length = 0; length < sealed.length; length += 1) {
    if (seal.open(sealed.subarray(0, length).toString('base64url')) !== undefined)
      t.fail(`cut to ${length}`)
  }
  t.equal(seal.open('!!!'), undefined)
  t.throws(() => createSeal(['x'.repeat(31)], 'session'), TypeError)
})
