import t from 'tap'
import { matchApiRoute } from './api-routes.ts'

const routes = [
  { path: '/notes', methods: ['GET'], upstream: 'https://api.example/v1/' },
  { path: '/notes/*', methods: ['GET', 'DELETE'], upstream: 'https://api.example/v1' },
]

await t.test('what is listed goes to its upstream, as it came', async (t) => {
  for (const [path, url] of [
    ['/notes', 'https://api.example/v1/notes'],
    ['/notes?a=b?c&d=%2f', 'https://api.example/v1/notes?a=b?c&d=%2f'],
    ['/notes/a%20b', 'https://api.example/v1/notes/a%20b'],
  ] as const) {
    t.same(matchApiRoute(routes, 'GET', path), { status: 'allowed', url }, path)
  }
})

await t.test('a method that is not listed', async (t) => {
  t.same(matchApiRoute(routes, 'POST', '/notes/1'), { status: 'method', allow: ['GET', 'DELETE'] })
  t.same(matchApiRoute(routes, 'get', '/notes'), { status: 'method', allow: ['GET'] })
})

await t.test('paths that are something else, or could become so', async (t) => {
  for (const path of [
    ...[
      '',
      '/',
      'notes',
      '/note',
      '/notes/',
      '/notes//',
      '/notes/a/b',
      '//notes',
      '/./notes',
      '/../notes',
    ],
    ...[
      '/notes/.',
      '/notes/..',
      '/notes/%2e%2e',
      '/notes/%2E',
      '/notes/a%2fb',
      '/notes/a%5Cb',
      '/notes/a\\b',
    ],
    ...[
      '/notes/%00',
      '/notes/%0d%0a',
      '/notes/%7f',
      '/notes/%zz',
      '/notes/%',
      '/notes/ä',
      '/notes/a b',
    ],
    ...['@evil.example', '.evil.example/notes', ':80/notes', '/notes#x', '/notes/a#b'],
  ]) {
    t.equal(matchApiRoute(routes, 'GET', path).status, 'unknown', encodeURIComponent(path))
  }
})
