import { SignJWT, exportSPKI, importJWK, type CryptoKey } from 'jose'
import { createHmac } from 'node:crypto'
import t from 'tap'
import { createTestKey, mintTestToken, type TestTokenOptions } from './testing.ts'
import { createVerifier, TokenError, type VerifierOptions } from './verify.ts'

const issuer = 'https://id.example'
const audience = 'https://api.example'
const now = 1_800_000_000_000
const key = await createTestKey('k1')
const other = await createTestKey('k1')
const jwks = { keys: [key.publicJwk] }

const verifier = (options: Partial<VerifierOptions> = {}) =>
  createVerifier({ issuer, audience, jwks, clock: () => now, ...options })
const mint = (options: Partial<TestTokenOptions> = {}) =>
  mintTestToken({ key, issuer, audience, now, ...options })

async function codeOf(token: string, options: Partial<VerifierOptions> = {}): Promise<string> {
  try {
    await verifier(options).verify(token)
    return 'accepted'
  } catch (error) {
    return error instanceof TokenError ? error.code : `threw ${String(error)}`
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const payload = (claims: Record<string, unknown> = {}) => {
  const iat = now / 1000
  const base = {
    iss: issuer,
    aud: audience,
    sub: 'u',
    client_id: 'c',
    jti: 'j',
    iat,
    exp: iat + 60,
  }
  return encode({ ...base, ...claims })
}

await t.test('a good token says who, by which client, with what', async (t) => {
  const claims = { acr: 'aal1', amr: ['pwd'], auth_time: 1_799_999_000 }
  const token = await verifier().verify(
    await mint({ sub: 'ada', scope: 'a b a', roles: ['admin'], claims }),
  )
  t.match(token, { sub: 'ada', clientId: 'test-client', roles: ['admin'], acr: 'aal1' })
  t.same(token.scopes, ['a', 'b'])
  t.same(token.amr, ['pwd'])
  t.equal(token.authTime, 1_799_999_000)
  t.equal(token.expiresAt, now / 1000 + 600)
  t.throws(() => Object.assign(token.claims, { sub: 'eve' }), 'nobody can change it')
})

await t.test('types, audiences and headers that are fine', async (t) => {
  t.equal(await codeOf(await mint({ header: { typ: 'application/at+jwt' } })), 'accepted')
  t.equal(await codeOf(await mint({ header: { typ: 'AT+JWT' } })), 'accepted')
  t.equal(await codeOf(await mint({ claims: { aud: ['https://x', audience] } })), 'accepted')
  t.equal(await codeOf(await mint({ claims: { scope: undefined } })), 'accepted')
})

await t.test('headers that are refused (RFC 9068 §4, RFC 8725 §3)', async (t) => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['an ID token', { typ: 'JWT' }, 'wrong_type'],
    ['no type', { typ: undefined }, 'wrong_type'],
    ['a logout token', { typ: 'logout+jwt' }, 'wrong_type'],
    ['an unknown key', { kid: 'k2' }, 'unknown_key'],
    ['no key id', { kid: undefined }, 'unknown_key'],
  ]
  for (const [name, header, code] of cases)
    t.equal(await codeOf(await mint({ header })), code, name)

  const crit = `${encode({ typ: 'at+jwt', alg: 'RS256', kid: 'k1', crit: ['exp'], exp: 1 })}.${payload()}.AAAA`
  t.equal(await codeOf(crit), 'critical_header')
  const unencoded = `${encode({ typ: 'at+jwt', alg: 'RS256', kid: 'k1', crit: ['b64'], b64: false })}.${payload()}.AAAA`
  t.equal(await codeOf(unencoded), 'critical_header')
})

await t.test('alg none, in every spelling, and without a signature', async (t) => {
  for (const alg of ['none', 'None', 'NONE', '']) {
    const head = encode({ typ: 'at+jwt', alg, kid: 'k1' })
    t.equal(await codeOf(`${head}.${payload()}.`), 'algorithm_not_allowed', `"${alg}"`)
  }
  const [head = '', body = ''] = (await mint()).split('.')
  t.equal(await codeOf(`${head}.${body}.`), 'bad_signature')
})

await t.test('HS256 keyed with the public key (RFC 8725 §3.1)', async (t) => {
  const publicKey = (await importJWK(key.publicJwk, 'RS256')) as CryptoKey
  const pem = await exportSPKI(publicKey)
  for (const secret of [pem, pem.trim(), JSON.stringify(key.publicJwk)]) {
    const input = `${encode({ typ: 'at+jwt', alg: 'HS256', kid: 'k1' })}.${payload()}`
    const mac = createHmac('sha256', secret).update(input).digest('base64url')
    t.equal(await codeOf(`${input}.${mac}`), 'algorithm_not_allowed')
  }
  t.throws(() => verifier({ algorithms: ['RS256', 'HS256'] }), TypeError)
  t.throws(() => verifier({ algorithms: ['none'] }), TypeError)
  t.throws(() => verifier({ algorithms: [] }), TypeError)
})

await t.test('another algorithm of the same key is refused', async (t) => {
  t.equal(
    await codeOf(await mint(), { algorithms: ['PS256'] }),
    'algorithm_not_allowed',
    'RS256 where PS256 is expected',
  )
  const ps = await new SignJWT({})
    .setProtectedHeader({ typ: 'at+jwt', alg: 'PS256', kid: 'k1' })
    .sign((await importJWK({ ...(await exportPrivate()), alg: 'PS256' }, 'PS256')) as CryptoKey)
  t.equal(await codeOf(ps), 'algorithm_not_allowed')
  t.equal(
    await codeOf(`${encode({ typ: 'at+jwt', alg: 'PS256', kid: 'k1' })}.${payload()}.AAAA`, {
      algorithms: ['RS256', 'PS256'],
    }),
    'unknown_key',
    'a key published for RS256 serves no PS256 token',
  )
})

async function exportPrivate() {
  const { exportJWK } = await import('jose')
  return exportJWK(key.privateKey)
}

await t.test('signatures and keys of somebody else', async (t) => {
  t.equal(await codeOf(await mint({ key: other })), 'bad_signature', 'same kid, another key')
  const embedded = await mint({ key: other, header: { jwk: other.publicJwk } })
  t.equal(await codeOf(embedded), 'bad_signature', 'a key in the header')
  const pointed = await mint({
    key: { ...other, kid: 'evil' },
    header: { jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u' },
  })
  t.equal(await codeOf(pointed), 'unknown_key', 'a place of keys in the header')
  const [head, , signature] = (await mint()).split('.')
  t.equal(await codeOf(`${head}.${payload({ sub: 'admin' })}.${signature}`), 'bad_signature')
})

await t.test('claims that are refused (RFC 9068 §2.2, §4)', async (t) => {
  const seconds = now / 1000
  const cases: [string, Record<string, unknown>, string][] = [
    ['another issuer', { iss: 'https://evil.example' }, 'wrong_issuer'],
    ['an issuer with a slash', { iss: `${issuer}/` }, 'wrong_issuer'],
    ['an array of issuers', { iss: [issuer] }, 'wrong_issuer'],
    ['another audience', { aud: 'https://other.example' }, 'wrong_audience'],
    ['an audience that only begins so', { aud: `${audience}.evil` }, 'wrong_audience'],
    ['no audiences', { aud: [] }, 'wrong_audience'],
    ['an audience that is no string', { aud: [audience, 7] }, 'invalid_claim'],
    ['expired', { exp: seconds - 5 }, 'token_expired'],
    ['not yet valid', { nbf: seconds + 6 }, 'token_not_yet_valid'],
    ['issued in the future', { iat: seconds + 6 }, 'token_not_yet_valid'],
    ['exp as text', { exp: String(seconds + 60) }, 'invalid_claim'],
    ['nbf as text', { nbf: '0' }, 'invalid_claim'],
    ['sub as a number', { sub: 7 }, 'invalid_claim'],
    ['an empty sub', { sub: '' }, 'invalid_claim'],
    ['scope as an array', { scope: ['admin'] }, 'invalid_claim'],
    ['roles as text', { roles: 'admin' }, 'invalid_claim'],
    ['roles with an object', { roles: [{}] }, 'invalid_claim'],
    ...['iss', 'aud', 'sub', 'exp', 'iat', 'jti', 'client_id'].map(
      (name): [string, Record<string, unknown>, string] => [
        `no ${name}`,
        { [name]: undefined },
        'missing_claim',
      ],
    ),
  ]
  for (const [name, claims, code] of cases)
    t.equal(await codeOf(await mint({ claims })), code, name)
})

await t.test('clocks may differ by five seconds, not by more', async (t) => {
  const seconds = now / 1000
  t.equal(await codeOf(await mint({ claims: { exp: seconds - 4 } })), 'accepted')
  t.equal(await codeOf(await mint({ claims: { nbf: seconds + 5 } })), 'accepted')
  t.equal(await codeOf(await mint({ claims: { iat: seconds + 5 } })), 'accepted')
})

await t.test('what is no token at all', async (t) => {
  const good = await mint()
  const cases = [
    '',
    '.',
    '..',
    'a.b.c',
    'a.b',
    `${good}.x`,
    `${good}=`,
    'é.é.é',
    `${encode([])}.e30.x`,
  ]
  for (const text of cases) {
    t.ok(['malformed', 'bad_signature'].includes(await codeOf(text)), JSON.stringify(text))
  }
  const jwe = `${encode({ typ: 'at+jwt', alg: 'dir', enc: 'A256GCM' })}.a.b.c.d`
  t.equal(await codeOf(jwe), 'malformed', 'an encrypted token')
  t.equal(await codeOf(await mint({ claims: { pad: 'x'.repeat(9000) } })), 'token_too_large')
  t.equal(await codeOf('x'.repeat(50_000_000)), 'token_too_large', 'refused before it is looked at')
})

await t.test('a token that was good before still ends at its end', async (t) => {
  let time = now
  const subject = verifier({ clock: () => time })
  const token = await mint({ ttlSeconds: 60 })
  const first = await subject.verify(token)
  t.equal(await subject.verify(token), first, 'remembered')
  time += 65_000
  await t.rejects(subject.verify(token), { code: 'token_expired' })
  time -= 65_000
  t.ok(await subject.verify(token), 'and is checked anew')
})

await t.test('options that could never be safe', async (t) => {
  t.throws(() => createVerifier({ issuer: 'http://id.example', audience }), TypeError)
  t.throws(() => createVerifier({ issuer, audience, jwksUri: 'http://id.example/jwks' }), TypeError)
  t.throws(() => createVerifier({ issuer, audience: '' }), TypeError)
  t.throws(() => createVerifier({ issuer: 'id.example', audience }), TypeError)
  t.ok(
    createVerifier({ issuer: 'http://localhost:4000', audience }),
    'http on loopback is for development',
  )
})

await t.test('keys that cannot serve are left out', async (t) => {
  const { publicJwk } = key
  for (const bad of [
    { ...publicJwk, use: 'enc' },
    { ...publicJwk, kty: 'oct', k: 'c2VjcmV0' },
    { ...publicJwk, alg: 'RS512' },
    { ...publicJwk, n: 'AQAB' },
    null,
    'text',
  ]) {
    const keys = [bad] as VerifierOptions['jwks'] extends infer J | undefined
      ? J extends { keys: infer K }
        ? K
        : never
      : never
    t.equal(
      await codeOf(await mint(), { jwks: { keys } }),
      'unknown_key',
      JSON.stringify(bad)?.slice(0, 40),
    )
  }
})
