import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshDatabase } from './postgres.mjs'
import { configuration } from './world.mjs'

/** A service of a built checkout, as `npm run signet -- serve` starts it, over a database of its own. */
export async function startService(checkout) {
  const database = await freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'))
  const configFile = join(folder, 'config.json')
  writeFileSync(configFile, JSON.stringify(configuration()))
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const { environment, program, words } = serveCommand(checkout)
  const startedAt = performance.now()
  const child = spawn(program === 'node' ? process.execPath : program, words, {
    cwd: checkout,
    env: {
      ...process.env,
      ...environment,
      ISSUER: issuer,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: database.url,
      SECRET_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
      CONFIG_FILE: configFile,
    },
    // The channel says when it is ready, and ends it with this process, however that one ends.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
    await database.close()
  }
  const first = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (first[0]?.kind !== 'ready') {
    await stop()
    throw new Error(`the service of ${checkout} does not start`)
  }
  return {
    origin: new URL(issuer),
    command: ['node', ...words].join(' '),
    readyAfterMs: performance.now() - startedAt,
    database: database.about,
    statements: database.counter,
    cpuMs: () => cpuMs(child.pid),
    residentMb: () => residentMb(child.pid),
    stop,
  }
}

/** What the package's own script runs, so that its flags and variables are measured too. */
function serveCommand(checkout) {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
  const [before, command] = scripts.signet.split('exec ')
  const assignments = before.split(' ').filter((word) => /^\w+=/.test(word))
  const [program, ...words] = [...command.split(' '), 'serve']
  return {
    environment: Object.fromEntries(assignments.map((word) => word.split('='))),
    program,
    words,
  }
}

/** Processor time of all threads so far; undefined where there is no /proc. Its clock ticks every 10 ms. */
function cpuMs(pid) {
  const stat = fromProc(pid, 'stat')
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function residentMb(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(fromProc(pid, 'status') ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

function fromProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
