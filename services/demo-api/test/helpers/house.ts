import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

const GOOGLE_CLIENT_ID = 'signet-of-the-tests'
const GOOGLE_CLIENT_SECRET = 'google-secret-google-secret-google'

export const clientSecret = 'house-secret-house-secret-house-secret'

export interface House {
  readonly users: readonly object[]
  /** Put over what the demo's client is registered with. */
  readonly client?: object
  /** The stand-in for Google as well. */
  readonly withGoogle?: boolean
}

/** Both services as an operator runs them, each a process of its own, on ports that were free a moment ago. */
export async function startHouse(t: Test, { users, client = {}, withGoogle = false }: House) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-house-'))
  const children: ChildProcess[] = []
  t.teardown(async () => {
    await Promise.all(children.map((child) => stop(child)))
    rmSync(folder, { recursive: true, force: true })
  })
  const [issuer, api, google] = [await freeOrigin(), await freeOrigin(), await freeOrigin()]
  const configFile = join(folder, 'config.json')
  writeFileSync(configFile, JSON.stringify(configuration(api, client, users)))

  async function start(main: string, ready: string, env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [fileURLToPath(new URL(main, import.meta.url))], {
      cwd: folder,
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'fatal', ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(child)
    const deadline = Date.now() + 30_000
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`${main} ended with ${child.exitCode}`)
      const answer = await fetch(ready).catch(() => undefined)
      if (answer?.ok === true) return child
      await wait(50)
    }
    throw new Error(`${main} did not become ready`)
  }

  const googleEnv = {
    ISSUER: issuer,
    GOOGLE_ISSUER: google,
    GOOGLE_CLIENT_ID,
    GOOGLE_CLIENT_SECRET,
  }
  const [identity] = await Promise.all([
    start('../../../../identity/dist/src/main.js', `${issuer}/health/ready`, {
      ...(withGoogle ? googleEnv : { ISSUER: issuer }),
      PORT: new URL(issuer).port,
      DATABASE_URL: 'pglite:memory',
      CONFIG_FILE: configFile,
    }),
    start('../../src/main.js', `${api}/health/ready`, {
      PORT: new URL(api).port,
      ISSUER: issuer,
      AUDIENCE: api,
      CLIENT_ID: 'demo',
      CLIENT_SECRET: clientSecret,
      SESSION_KEY: 'a session key of at least thirty-two characters',
    }),
    withGoogle && start('../../../../../scripts/google-stand-in/main.mjs', google, googleEnv),
  ])
  return {
    issuer,
    api,
    google,
    /** Ends the identity service politely: its exit code. */
    stopIdentity: () => stop(identity),
  }
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return child.exitCode
}

async function freeOrigin(): Promise<string> {
  return `http://localhost:${await freePort()}`
}

function configuration(api: string, client: object, users: readonly object[]) {
  return {
    settings: { sign_up: 'open' },
    resources: [
      {
        identifier: api,
        name: 'Notes',
        scopes: { 'notes:read': 'Read your notes', 'notes:write': 'Change your notes' },
      },
    ],
    clients: [
      {
        client_id: 'demo',
        client_secret: clientSecret,
        client_name: 'Demo notes',
        redirect_uris: [`${api}/bff/callback`],
        post_logout_redirect_uris: [`${api}/`],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email offline_access notes:read notes:write',
        ...client,
      },
    ],
    users,
  }
}
