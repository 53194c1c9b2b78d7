import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

import { type Config, readConfig } from '../../src/config.ts'
import { startService } from '../../src/service.ts'
import { postgresUrl } from './database.ts'

export interface Identity {
  readonly issuer: string
  readonly clock: { advance(seconds: number): void; now(): number }
  readonly databaseUrl?: string
  readonly setupLink: string | undefined
  /** What the service does by itself every minute; call it after moving the clock. */
  maintain(): Promise<void>
  close(): Promise<void>
}

export interface IdentityOptions {
  /** The format of CONFIG_FILE, as an object. */
  readonly config: object
  readonly database?: 'pglite' | 'postgres'
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** An in-process server on a loopback port of its own, with a database of its own, stopped at the test's end. */
export async function startIdentity(t: Test, options: IdentityOptions): Promise<Identity> {
  const databaseUrl = options.database === 'postgres' ? await postgresUrl(t) : 'pglite:memory'
  const port = await freePort()
  const env = await environment(t, options.config, databaseUrl, port, port)
  const config = configOf({ ...env, ...options.env })
  let offsetMs = 0
  const now = () => Date.now() + offsetMs
  const service = await startService(config, () => new Date(now()))
  await service.listen()
  let closing: Promise<void> | undefined
  const close = async () => (closing ??= service.close())
  t.teardown(close)
  return {
    issuer: config.issuer,
    clock: {
      now,
      advance(seconds) {
        offsetMs += seconds * 1000
      },
    },
    databaseUrl,
    setupLink: service.setupLink,
    maintain: () => service.maintain(),
    close,
  }
}

export interface Processes {
  readonly issuer: string
  readonly databaseUrl: string
  readonly origins: readonly string[]
  kill9(index: number): Promise<void>
  restart(index: number): Promise<void>
  /** The configuration of the next start. */
  reconfigure(config: object): void
}

/** The service as separate processes over one PostgreSQL, all with the issuer of the first. */
export async function startProcesses(
  t: Test,
  options: Pick<IdentityOptions, 'config' | 'env'> & { readonly count: number },
): Promise<Processes> {
  const databaseUrl = await postgresUrl(t)
  const ports = await Promise.all(Array.from({ length: options.count }, () => freePort()))
  const issuerPort = ports[0] ?? 0
  const running: ChildProcess[] = []
  let config = options.config
  // Registered after the database's teardown, so it runs before: nothing is connected when the database goes.
  t.teardown(async () => {
    await Promise.all(running.map((child) => stop(child, 'SIGKILL')))
  })
  const start = async (index: number) => {
    const port = ports[index] ?? 0
    const env = await environment(t, config, databaseUrl, issuerPort, port)
    running[index] = await startProcess({ ...env, ...options.env }, port)
  }
  await Promise.all(ports.map((_port, index) => start(index)))
  return {
    issuer: `http://localhost:${issuerPort}`,
    databaseUrl,
    origins: ports.map((port) => `http://localhost:${port}`),
    async kill9(index) {
      const child = running[index]
      if (child !== undefined) await stop(child, 'SIGKILL')
    },
    restart: start,
    reconfigure(next) {
      config = next
    },
  }
}

type Environment = Readonly<Record<string, string>>

async function environment(
  t: Test,
  config: object,
  databaseUrl: string,
  issuerPort: number,
  port: number,
): Promise<Environment> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'config.json')
  await writeFile(file, JSON.stringify(config))
  return {
    ISSUER: `http://localhost:${issuerPort}`,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    CONFIG_FILE: file,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
  }
}

function configOf(env: Environment): Config {
  const config = readConfig(env)
  if ('faults' in config) throw new Error(config.faults.join('\n'))
  return config
}

async function startProcess(env: Environment, port: number): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`)
    const ready = await fetch(`http://localhost:${port}/health/ready`).catch(() => undefined)
    if (ready?.ok === true) return child
    await wait(50)
  }
  throw new Error('the service did not become ready')
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
