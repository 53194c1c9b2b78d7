import t from 'tap'
import { returnUrl } from './return-to.ts'

const base = 'https://app.example'

await t.test('a path of this site is kept', async (t) => {
  for (const path of [
    '/',
    '/notes',
    '/notes?all=true&x=/y',
    '/a#b',
    '/%2f%2fevil.example',
    '/a//b',
    '/bffs',
  ]) {
    t.equal(returnUrl(path, base), base + path)
  }
})

await t.test('everything else is the front page', async (t) => {
  for (const wish of [
    undefined,
    ['/a', '/b'],
    7,
    '',
    'notes',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/\tevil',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil',
    '/a\u0000b',
    '/a\\b',
    '/\u0085',
    '/\u2028',
    '/bff',
    '/bff/login',
    '/bff/../bff/logout',
    `/${'a'.repeat(3000)}`,
    '?a',
    '#a',
    '.',
    '@evil.example',
    ':80',
  ]) {
    t.equal(returnUrl(wish, base), `${base}/`, encodeURIComponent(String(wish)).slice(0, 40))
  }
})

await t.test('whatever comes out stays on the site, also when read as a path again', async (t) => {
  for (const wish of [
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%09/evil.example',
  ]) {
    const url = new URL(returnUrl(wish, base))
    t.equal(url.origin, base, wish)
    t.equal(new URL(url.href, 'https://elsewhere.example').origin, base, wish)
  }
})
