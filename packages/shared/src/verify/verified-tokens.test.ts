import t from 'tap'
import { createTestKey } from '../testing.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

const { privateKey: key } = await createTestKey()
const token = {
  sub: 'u',
  clientId: 'c',
  scopes: [],
  roles: [],
  jti: 'j',
  expiresAt: 1,
  acr: undefined,
  amr: [],
  authTime: undefined,
  claims: {},
}

t.test('memory of verified tokens is bounded; the least used goes first', async (t) => {
  const memory = createVerifiedTokens(3)
  for (const text of ['a', 'b', 'c']) memory.set(text, { token, kid: 'k', alg: 'RS256', key })
  memory.get('a')
  memory.set('d', { token, kid: 'k', alg: 'RS256', key })
  t.equal(memory.size, 3)
  t.equal(memory.get('b'), undefined)
  t.ok(memory.get('a'))
  memory.delete('a')
  t.equal(memory.get('a'), undefined)
}).catch(t.threw)
