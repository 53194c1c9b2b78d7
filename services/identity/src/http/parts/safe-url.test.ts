import t from 'tap'
import { followableUrl, webUrl } from '../safe-url.ts'

void t.test('webUrl keeps https, and http on a loopback host', async (t) => {
  t.equal(webUrl('https://app.example/logo.svg'), 'https://app.example/logo.svg')
  t.equal(webUrl('http://localhost:4001/logo.svg'), 'http://localhost:4001/logo.svg')
  t.equal(webUrl('http://127.0.0.1/logo.svg'), 'http://127.0.0.1/logo.svg')
  t.equal(webUrl('http://[::1]:4001/'), 'http://[::1]:4001/')
})

void t.test('webUrl drops everything else', async (t) => {
  const refused = [
    undefined,
    '',
    'logo.svg',
    '//app.example/logo.svg',
    'http://app.example/',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:image/svg+xml,<svg/>',
    'blob:https://app.example/1',
    'file:///etc/passwd',
    'com.example.app:/callback',
  ]
  for (const value of refused) t.equal(webUrl(value), undefined, String(value))
})

void t.test(
  'followableUrl also keeps the schemes of native applications (RFC 8252 §7.1)',
  async (t) => {
    t.equal(followableUrl('com.example.app:/done'), 'com.example.app:/done')
    t.equal(followableUrl('http://app.example/done'), 'http://app.example/done')
  },
)

void t.test('followableUrl drops what would run code or read local data', async (t) => {
  const refused = [
    undefined,
    '',
    '/relative',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    '\tjava\nscript:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'blob:null/1',
    'file:///etc/passwd',
    'about:blank',
  ]
  for (const value of refused) t.equal(followableUrl(value), undefined, String(value))
})
