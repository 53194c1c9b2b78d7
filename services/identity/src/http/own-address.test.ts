import t from 'tap'
import { ownAddress, withParameter, withoutParameters } from './own-address.ts'

void t.test('an address stays on our own host', async (t) => {
  for (const url of ['/', '/login?tx=a%2Fb', '/a//b', '/?next=//evil.example'])
    t.equal(ownAddress(url), url)
  for (const url of ['//evil.example', '//evil.example/login', '/\\evil.example', '///x', '', 'x'])
    t.equal(ownAddress(url), '/', url)
  t.equal(withParameter('//evil.example/?a=b', 'lang', 'de'), '/?lang=de')
  t.equal(withoutParameters('/\\evil.example?lang=de', ['lang']), '/')
})

void t.test('a parameter goes, the others stay as they were written', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['/login?lang=de', '/login'],
    ['/login?lang=de&tx=a.b-c_d', '/login?tx=a.b-c_d'],
    ['/login?tx=a&lang=de', '/login?tx=a'],
    ['/login?tx=a&lang=de&lang=ar', '/login?tx=a'],
    ['/login?l%61ng=de&state=%7E~%20+x', '/login?state=%7E~%20+x'],
    ['/login?lang', '/login'],
    ['/login?&&lang=de&&', '/login'],
    ['/login?language=de&slang=x', '/login?language=de&slang=x'],
    ['/login?a=b?lang=de', '/login?a=b?lang=de'],
    ['/login?a=%E0%A4%A&lang=de', '/login?a=%E0%A4%A'],
    ['/login', '/login'],
  ]
  for (const [url, rest] of cases) t.equal(withoutParameters(url, ['lang']), rest, url)
})

void t.test('a parameter comes once', async (t) => {
  t.equal(withParameter('/login', 'lang', 'de'), '/login?lang=de')
  t.equal(withParameter('/login?tx=a', 'lang', 'de'), '/login?tx=a&lang=de')
  t.equal(withParameter('/login?lang=ar&tx=a', 'lang', 'de'), '/login?tx=a&lang=de')
  t.equal(withParameter('/', 'lang', 'a b&c'), '/?lang=a%20b%26c')
})
