import { type KeyObject, generateKeyPairSync } from 'node:crypto'
import * as jose from 'jose'
import t from 'tap'
import { signJws, verifyJws } from './jws.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pairs = { RS256: rsa, PS256: rsa, ES256: ec } as const

const claims = { sub: 'ada', name: 'Zoë “Z” 🦉', exp: 1 }
const header = (alg: string) => ({ alg, kid: 'k1', typ: 'at+jwt' })
const only = (alg: string, key: KeyObject) => (kid: string) =>
  kid === 'k1' ? { alg, key } : undefined

for (const [alg, { privateKey, publicKey }] of Object.entries(pairs))
  void t.test(`${alg}: jose and we read each other`, async (t) => {
    const ours = await signJws(header(alg), claims, privateKey)
    const read = await jose.compactVerify(ours, publicKey, { algorithms: [alg] })
    t.same(read.protectedHeader, header(alg))
    t.same(JSON.parse(Buffer.from(read.payload).toString()), claims)
    const theirs = await new jose.SignJWT(claims).setProtectedHeader(header(alg)).sign(privateKey)
    t.same(verifyJws(theirs, only(alg, publicKey), 'at+jwt'), claims)
  })

void t.test('RS256 is deterministic: the same answer again is the same bytes', async (t) => {
  const make = () => signJws(header('RS256'), claims, rsa.privateKey)
  t.equal(await make(), await make())
})

void t.test('what was not signed by that key for that use is nothing', async (t) => {
  const token = await signJws(header('RS256'), claims, rsa.privateKey)
  const [head = '', body = '', signature = ''] = token.split('.')
  const find = only('RS256', rsa.publicKey)
  const verdict = (text: string) => verifyJws(text, find, 'at+jwt')
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  t.same(verdict(token), claims, 'untouched')
  const forged = {
    'another payload': `${head}.${base64({ ...claims, sub: 'eve' })}.${signature}`,
    'no signature': `${head}.${body}.`,
    'a part less': `${head}.${body}`,
    'a part more': `${token}.${body}`,
    'a line end': `${token}\n`,
    'a blank in the signature': `${head}.${body}.${signature.slice(0, 9)} ${signature.slice(9)}`,
    padding: `${token}=`,
    'alg none': `${base64({ ...header('none') })}.${body}.`,
    'another kid': `${base64({ ...header('RS256'), kid: 'k2' })}.${body}.${signature}`,
    'no kid': `${base64({ alg: 'RS256', typ: 'at+jwt' })}.${body}.${signature}`,
    'a header that is a list': `${base64([])}.${body}.${signature}`,
    'a header that is not JSON': `xxxx.${body}.${signature}`,
    nothing: '',
  }
  for (const [what, text] of Object.entries(forged)) t.equal(verdict(text), undefined, what)
})

void t.test('a genuine signature under another header is nothing', async (t) => {
  const find = only('RS256', rsa.publicKey)
  const signed = (extra: object) =>
    signJws({ ...header('RS256'), ...extra }, claims, rsa.privateKey)
  t.same(verifyJws(await signed({}), find, 'at+jwt'), claims)
  t.equal(verifyJws(await signed({}), find, 'JWT'), undefined, 'another typ (RFC 8725 §3.11)')
  t.equal(verifyJws(await signed({ crit: ['b64'] }), find, 'at+jwt'), undefined, 'crit')
  const pss = await signJws(header('PS256'), claims, rsa.privateKey)
  t.equal(verifyJws(pss, find, 'at+jwt'), undefined, 'another algorithm of the same key')
})

void t.test('an algorithm that is not ours signs nothing', async (t) => {
  for (const alg of ['none', 'HS256', 'RS1', ''])
    await t.rejects(signJws(header(alg), claims, rsa.privateKey), /no signature algorithm/, alg)
})
