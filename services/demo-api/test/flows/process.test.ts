import { mintTestToken, startTestIssuer } from '@signet/shared/testing'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { freePort } from '../helpers/free-port.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))

function start(t: Test, env: Record<string, string>, ipc = false) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc' as const] : [])],
  })
  const output = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => (output.out += String(chunk)))
  child.stderr?.on('data', (chunk) => (output.err += String(chunk)))
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  t.teardown(() => child.kill('SIGKILL'))
  return { child, output, exited }
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const ok = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('not ready in 20 s')
}

await t.test('a wrong environment: every fault in words, exit code 78', async (t) => {
  const { output, exited } = start(t, { PORT: 'x', ISSUER: 'http://id.example', CLIENT_ID: 'demo' })
  t.same(await exited, [78, null])
  for (const name of ['PORT', 'ISSUER']) t.match(output.err, new RegExp(`^ +${name}: `, 'm'))
  t.notMatch(output.err, /\n +at /, 'no stack')
})

await t.test('a port that is taken: said, exit code 1', async (t) => {
  const port = await freePort()
  const server = createServer().listen(port, 'localhost')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { output, exited } = start(t, { PORT: String(port) })
  t.same(await exited, [1, null])
  t.match(output.out, 'cannot listen')
})

await t.test(
  'it starts without issuer and client, answers tokens, and stops on SIGTERM',
  async (t) => {
    const issuer = await startTestIssuer()
    t.teardown(() => issuer.stop())
    const port = await freePort()
    const url = `http://localhost:${port}`
    const { child, output, exited } = start(t, { PORT: String(port), ISSUER: issuer.url })
    await untilReady(url)
    const [key] = issuer.keys
    if (key === undefined) throw new Error('no key')
    const audience = 'http://localhost:4001'
    const token = await mintTestToken({ key, issuer: issuer.url, audience, scope: 'notes:read' })
    const ask = (path: string) =>
      fetch(url + path, {
        headers: { authorization: `Bearer ${token}`, cookie: 'a=secret-cookie' },
      })
    t.equal((await ask('/notes')).status, 200)
    t.equal((await ask('/bff/callback?code=secret-code&state=s')).status, 404)
    t.equal((await ask('/notes?access_token=secret-token')).status, 400)

    child.kill('SIGTERM')
    t.same(await exited, [0, null])
    for (const line of output.out.trim().split('\n')) {
      t.equal(typeof JSON.parse(line), 'object', 'the log is JSON lines')
    }
    t.notMatch(output.out, /secret-|eyJ/, 'nothing secret in the log')
    t.notMatch(output.out, token.slice(-40))
  },
)

await t.test('it stops when the process that started it is gone', async (t) => {
  const port = await freePort()
  const { child, exited } = start(t, { PORT: String(port) }, true)
  await untilReady(`http://localhost:${port}`)
  child.disconnect()
  t.same(await exited, [0, null])
})
