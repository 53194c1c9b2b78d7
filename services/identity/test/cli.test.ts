// The operator's command line as an operator meets it: processes, exit codes, what is printed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePort } from './helpers/identity.ts'

const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'signet-cli-'))
const children: ChildProcess[] = []
t.teardown(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

// Two dozen processes, each with a database to open.
t.setTimeout(170_000)

const port = await freePort()
const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  DATABASE_URL: 'pglite:data/identity',
  ISSUER: `http://localhost:${port}`,
  PORT: String(port),
  LOG_LEVEL: 'info',
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function begin(words: readonly string[], env: object = {}, tied = false) {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    env: { ...environment, ...env },
    // Tied to this process, so that no service outlives a test that is killed.
    stdio: ['ignore', 'pipe', 'pipe', ...(tied ? ['ipc' as const] : [])],
  })
  children.push(child)
  const output = { out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => (output.out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output.err += chunk.toString()))
  const ended: Promise<Ended> = once(child, 'close').then(() => ({
    code: child.exitCode,
    ...output,
  }))
  return { child, output, ended }
}

const signet = (words: string, env: object = {}): Promise<Ended> =>
  begin(
    words.split(' ').filter((word) => word !== ''),
    env,
  ).ended

/** Waits until a process has said it; throws with what it said instead after 20 seconds. */
async function said(output: { readonly out: string; readonly err: string }, what: RegExp) {
  for (let tries = 0; !what.test(output.out); tries += 1) {
    if (tries === 800) throw new Error(`never said: ${output.out}${output.err}`)
    await wait(25)
  }
}

/** The one JSON value that a command with --json prints; throws when it is something else. */
async function json(words: string): Promise<Record<string, unknown>> {
  const { code, out, err } = await signet(`${words} --json`)
  if (code !== 0) throw new Error(`${words}: ${code} ${err}`)
  return JSON.parse(out) as Record<string, unknown>
}

const config = {
  resources: [{ identifier: 'https://notes.test', name: 'Notes', scopes: { read: 'Read' } }],
  roles: [{ name: 'admin', description: 'Operators' }],
  clients: [
    {
      client_id: 'app',
      client_secret: 'app-secret-app-secret',
      redirect_uris: ['https://app.test/cb'],
      scope: 'openid read',
    },
  ],
  users: [
    { email: 'ada@example.test', password: 'correct horse battery staple', roles: ['admin'] },
    { email: 'bob@example.test' },
  ],
}
const good = join(folder, 'good.json')
writeFileSync(good, JSON.stringify(config))

const linesOf = (text: string) => text.trimEnd().split('\n')

void t.test('no command, a wrong one, and wrong words', async (t) => {
  const [help, unknown, inherited, file, keys] = await Promise.all([
    signet('help'),
    signet('sreve'),
    signet('constructor'),
    signet('apply'),
    signet('keys revoke'),
  ])
  t.equal(help.code, 0)
  for (const command of ['serve', 'migrate', 'apply', 'plan', 'user', 'keys', 'admin-link'])
    t.match(help.out, new RegExp(`^ +${command}`, 'm'))
  for (const wrong of [unknown, inherited, file, keys]) {
    t.equal(wrong.code, 64)
    t.equal(wrong.out, '', 'nothing that a script would take for an answer')
    t.notMatch(wrong.err, /^ {4}at /m)
  }
  t.match(unknown.err, /there is no command sreve[^]*usage: signet/)
  t.same(readdirSync(folder), ['good.json'], 'and nothing is written')
})

void t.test('a configuration at fault: 78, every fault, nothing written', async (t) => {
  const env = { ISSUER: 'http://id.example.com', PORT: 'x', LOG_LEVEL: 'loud', DATABASE_URL: '' }
  const commands = ['serve', `apply ${good}`]
  for (const { code, out, err } of await Promise.all(commands.map((one) => signet(one, env)))) {
    t.equal(code, 78)
    t.equal(out, '')
    for (const name of ['ISSUER', 'PORT', 'LOG_LEVEL', 'DATABASE_URL', 'SECRET_KEYS'])
      t.match(err, new RegExp(`^ +- ${name}`, 'm'), name)
    t.notMatch(err, /^ {4}at /m)
  }
  const wrong = await signet('migrate', { LOG_LEVEL: 'loud' })
  t.equal(wrong.code, 78)
  t.same(readdirSync(folder), ['good.json'])
})

void t.test('a file at fault: 78, with lines, and nothing applied', async (t) => {
  writeFileSync(
    join(folder, 'bad.yaml'),
    'settings: { mfaa: on }\nclients:\n  - { client_id: "" }\n',
  )
  writeFileSync(
    join(folder, 'role.yaml'),
    'users:\n  - { email: eve@example.test, roles: [boss] }\n',
  )
  const bad = await signet('apply bad.yaml')
  const role = await signet('apply role.yaml')
  const missing = await signet('plan missing.yaml')
  for (const ended of [bad, role, missing]) t.match(ended, { code: 78, out: '' })
  t.match(bad.err, /bad\.yaml: line 1: settings\.mfaa is not a known setting/)
  t.match(bad.err, /bad\.yaml: line 3: clients\[0\]/)
  t.match(role.err, /role\.yaml: .*no role is named boss/)
  t.match(missing.err, /missing\.yaml cannot be read/)
})

void t.test('migrate, plan, apply, plan: the same changes, once', async (t) => {
  t.match(await signet('migrate'), { code: 0, out: /up to date/, err: '' })
  const planned = await json(`plan ${good}`)
  t.match(await signet(`plan ${good}`), {
    code: 0,
    out: /^\+ client app$[^]*client_secret: \(unset\) -> "\(kept secret\)"/m,
  })
  t.same(await json(`apply ${good}`), planned, 'a plan changes nothing, and is what is done')
  t.notMatch(JSON.stringify(planned), /app-secret|correct horse/)
  const again = await signet(`apply ${good}`)
  t.match(again, { code: 0, out: 'Nothing had to change.\n' })
})

void t.test('providers are no part of a plan, and both commands say so', async (t) => {
  const path = join(folder, 'providers.json')
  const secret = 'a-secret-of-a-provider'
  const entry = (id: string) => ({ id, name: 'X', type: 'github', client_id: 'c' })
  const write = (...ids: string[]) =>
    writeFileSync(
      path,
      JSON.stringify({ providers: ids.map((id) => ({ ...entry(id), client_secret: secret })) }),
    )
  write('acme', 'work')
  for (const [command, said] of [
    ['plan', 'Nothing to change.'],
    ['apply', 'Nothing had to change.'],
  ] as const) {
    const { out } = await signet(`${command} ${path}`)
    t.equal(
      out,
      `${said}\n! providers acme, work: read from CONFIG_FILE at start. Restart to use what has changed.\n`,
    )
    t.same(await json(`${command} ${path}`), {
      changes: [],
      read_at_start: { providers: ['acme', 'work'] },
    })
  }
  write('acme')
  t.match((await signet(`plan ${path}`)).out, /^! provider acme: read/m)
  t.same(await json(`plan ${good}`), { changes: [] }, 'without providers nothing is said')
  writeFileSync(path, JSON.stringify({ providers: [entry('acme')] }))
  t.match(await signet(`plan ${path}`), { code: 78, out: '', err: /client_secret is missing/ })
  rmSync(path)
})

void t.test('user list, disable, enable', async (t) => {
  t.match(await signet('user disable ADA@example.test'), {
    code: 0,
    out: 'ada@example.test is disabled.\n',
  })
  t.match(await json('user list'), {
    users: [
      { email: 'ada@example.test', roles: ['admin'], disabled_at: /Z$/ },
      { email: 'bob@example.test', roles: [], disabled_at: undefined },
    ],
  })
  t.match(await signet('user disable nobody@example.test'), { code: 64, out: '' })
  t.match(await json('user enable ada@example.test'), { disabled: false })
  t.match(await signet('user list'), { out: 'ada@example.test  admin\nbob@example.test  \n' })
})

void t.test('user invite: a link with an address and roles in it', async (t) => {
  const closed = await signet('user invite carol@example.test')
  t.match(closed, { code: 64, out: '', err: /registration is closed/ })
  const invited = join(folder, 'invited.json')
  writeFileSync(invited, JSON.stringify({ settings: { sign_up: 'invited' } }))
  t.equal((await signet(`apply ${invited}`)).code, 0)
  rmSync(invited)
  const invitation = await json('user invite Carol@example.test --role admin --language de')
  t.match(invitation, {
    email: 'carol@example.test',
    roles: ['admin'],
    link: new RegExp(`^http://localhost:${port}/register\\?invite=[\\w.%-]{80,}$`),
    expires_at: /Z$/,
  })
  const refused = async (words: string, fault: RegExp) => {
    const { code, out, err } = await signet(`user invite ${words}`)
    t.equal(code, 64, words)
    t.equal(out, '')
    t.match(err, fault)
  }
  await refused('carol@example.test --role boss', /there is no role boss/)
  await refused('ada@example.test', /has an account already/)
  // Refused before the database is looked at, so all at once.
  await Promise.all([
    refused('carol', /user invite <email>/),
    refused('carol@example.test dave@example.test', /user invite <email>/),
    refused('carol@example.test --admin', /--admin/),
    refused('carol@example.test --language fr', /--language is one of/),
  ])
})

void t.test('keys list, rotate, revoke', async (t) => {
  const states = async () => {
    const { keys } = (await json('keys list')) as { keys: { kid: string; state: string }[] }
    return keys
  }
  t.match(await signet('keys rotate'), { code: 0, out: /signs in 24 hours/ })
  const [first, next] = await states()
  t.match(first, { state: 'signing' })
  t.match(next, { state: 'next' })
  t.same(await json('keys rotate'), { kid: next?.kid }, 'the one that waits already')
  t.match(await json(`keys revoke ${next?.kid}`), { revoked: next?.kid, successor: first?.kid })
  const left = await states()
  t.match(left, [{ state: 'signing' }, { state: 'revoked' }])
  t.notMatch(JSON.stringify(left), /sealed|private|"d"/)
  t.match(await signet(`keys revoke ${next?.kid}`), { code: 64, out: '' }, 'not twice')
})

void t.test('serve: ready, one process a folder, and gone after SIGTERM', async (t) => {
  const { child, output, ended } = begin(['serve'], {}, true)
  const url = `http://localhost:${port}`
  await said(output, /"msg":"first start.*\n/)
  t.match(
    output.out,
    /first start: make an administrator within an hour at http:[^"]*\/setup\?token=/,
  )
  for (const line of linesOf(output.out)) t.ok(JSON.parse(line), 'JSON lines only')
  t.match(await signet('healthcheck'), { code: 0, out: 'ready\n' })

  const second = await signet('user list')
  t.match(second, { code: 1, out: '' })
  t.match(second.err, new RegExp(`in use by process ${child.pid}`))
  t.equal(linesOf(second.err).length, 1)

  t.match((await fetch(`${url}/health/live`)).status, 200, 'the first one did not suffer')
  child.kill('SIGTERM')
  const { code, out, err } = await ended
  t.equal(code, 0)
  t.equal(err, '')
  t.match(out, /"msg":"stopped"/)
  t.throws(() => process.kill(child.pid ?? 0, 0), { code: 'ESRCH' }, 'no process is left')
  await t.rejects(fetch(`${url}/health/live`))
  t.notOk(existsSync(join(folder, 'data', 'identity', 'lock')), 'nor its lock')
  t.match(await signet('healthcheck'), { code: 1, out: 'not ready\n' })
})

void t.test('admin-link: a link to this issuer, and the next start makes none', async (t) => {
  const { link } = await json('admin-link')
  t.match(link, new RegExp(`^http://localhost:${port}/setup\\?token=[A-Za-z0-9_-]{43}$`))
  const { child, output, ended } = begin(['serve'], {}, true)
  await said(output, /"msg":"ready at.*\n/)
  t.notMatch(output.out, /first start/)
  child.kill('SIGINT')
  t.equal((await ended).code, 0)
})

void t.test('what was kept does not open with another ring: said, not crashed', async (t) => {
  const SECRET_KEYS = `other:${Buffer.alloc(32, 9).toString('base64')}`
  const { code, out, err } = await signet('serve', { SECRET_KEYS })
  t.not(code, 0)
  t.equal(out, '')
  t.match(err, /SECRET_KEYS: .* the key local that sealed it is missing/)
  t.notMatch(err, /^ {4}at /m)
})

void t.test('a port that is taken by somebody else', async (t) => {
  const server = createServer()
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  const taken = typeof address === 'object' ? address?.port : undefined
  // As `npm start` starts it: with a channel, which must not keep it from ending.
  const { code, err } = await begin(['serve'], { PORT: String(taken), LOG_LEVEL: 'silent' }, true)
    .ended
  t.equal(code, 1)
  t.match(err, new RegExp(`^Signet cannot listen: .*EADDRINUSE.*${taken}`))
  t.equal(linesOf(err).length, 1)
  server.close()
})
