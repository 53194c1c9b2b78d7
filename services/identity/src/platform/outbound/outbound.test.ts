import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { OutboundError, createOutboundFetch } from './fetch.ts'
import { remembered } from './remembered.ts'

async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const local = createOutboundFetch({ loopback: true, timeoutMs: 400, maxBytes: 1000 })
const json = { 'content-type': 'application/json; charset=utf-8' }

void t.test('asks for JSON and gets it', async (t) => {
  const origin = await serve(t, (request, response) => {
    response.writeHead(400, json).end(JSON.stringify({ method: request.method }))
  })
  const body = new URLSearchParams({ code: 'a b' })
  const answer = await local(`${origin}/token`, { method: 'POST', body })
  t.equal(answer.status, 400, 'an error in JSON is an answer')
  t.same(await answer.json(), { method: 'POST' })
})

void t.test('takes no other answer', async (t) => {
  const listeners: Record<string, RequestListener> = {
    'a redirect': (_request, response) => response.writeHead(302, { ...json, location: '/' }).end(),
    HTML: (_request, response) => response.setHeader('content-type', 'text/html').end('<p>'),
    'no type': (_request, response) => response.end('{}'),
    'too much': (_request, response) => response.writeHead(200, json).end('x'.repeat(1001)),
    compressed: (_request, response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end('{}'),
    nothing: () => undefined,
    half: (_request, response) => response.writeHead(200, json).write('{'),
    'a cut': (request) => request.socket.destroy(),
    'another protocol': ({ socket }) => {
      socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
    },
  }
  for (const [name, listener] of Object.entries(listeners)) {
    const origin = await serve(t, listener)
    await t.rejects(local(origin), OutboundError, name)
  }
})

void t.test('goes to no other place', async (t) => {
  const origin = await serve(t, (_request, response) => response.writeHead(200, json).end('{}'))
  const { port } = new URL(origin)
  const outside = createOutboundFetch({ loopback: false, timeoutMs: 400 })
  for (const url of [
    origin,
    `https://127.0.0.1:${port}`,
    `https://[::1]:${port}`,
    `https://[::ffff:127.0.0.1]:${port}`,
    `https://localhost:${port}`,
    `https://2130706433:${port}`,
    `https://10.0.0.1`,
    `https://169.254.169.254/latest/meta-data`,
    `https://user:secret@example.test`,
    'ftp://example.test',
  ])
    await t.rejects(outside(url), OutboundError, url)
  for (const url of ['http://10.0.0.1', 'https://169.254.169.254', 'http://8.8.8.8'])
    await t.rejects(local(url), OutboundError, `${url}, though loopback is allowed`)
})

void t.test('a failure stands for a while, longer each time', async (t) => {
  let time = 0
  let asked = 0
  let up = false
  const load = async () => {
    asked += 1
    if (!up) throw new Error(`down ${asked}`)
    return asked
  }
  const value = remembered(load, { ttlMs: 1000, retryMs: 10, maxRetryMs: 25 }, () => time)
  await t.rejects(value.get(), { message: 'down 1' })
  await t.rejects(value.get(), { message: 'down 1' }, 'nobody is asked again')
  time += 10
  await t.rejects(value.get(), { message: 'down 2' })
  time += 10
  await t.rejects(value.get(), { message: 'down 2' }, 'twice as long')
  time += 10
  await t.rejects(value.get(), { message: 'down 3' })
  time += 25
  up = true
  t.same(await Promise.all([value.get(), value.get(), value.get()]), [4, 4, 4], 'one asks for all')
  time += 999
  t.equal(await value.get(), 4)
  time += 1
  t.equal(await value.get(), 5, 'old')
})
