// `npm start`: the identity service and the demo, each a process of its own, stopped together.
import { fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { demoSettings } from './demo-settings.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const issuer = process.env.ISSUER ?? 'http://localhost:4000'
const api = 'http://localhost:4001'
const data = '.data'
const logs = `${data}/logs`
const settings = demoSettings(data, api)
mkdirSync(logs, { recursive: true })

const children = new Map()
let stopping = false

/** Starts one service; its log goes to a file, so that the terminal stays readable. */
function start(name, main, env) {
  const log = openSync(`${logs}/${name}.log`, 'w', 0o600)
  const child = fork(main, {
    // Without it glibc keeps the 19 MB of each password hash for ever.
    env: { ...process.env, MALLOC_MMAP_THRESHOLD_: '1048576', ...env },
    stdio: ['ignore', log, log, 'ipc'],
    // A small young generation: these are quiet processes on somebody's laptop.
    execArgv: ['--max-semi-space-size=4'],
  })
  closeSync(log)
  children.set(name, child)
  child.once('exit', (code) => {
    children.delete(name)
    if (!stopping) void stop(code === 0 ? 1 : (code ?? 1), name)
  })
  return child
}

/** Ends what still runs, politely first, and then this process. */
async function stop(code, culprit) {
  if (stopping) return
  stopping = true
  if (culprit !== undefined) {
    console.error(`\n${culprit} has stopped. The end of its log, ${logs}/${culprit}.log:\n`)
    console.error(readFileSync(`${logs}/${culprit}.log`, 'utf8').split('\n').slice(-15).join('\n'))
  }
  for (const child of children.values()) child.kill('SIGTERM')
  const deadline = Date.now() + 20_000
  while (children.size > 0 && Date.now() < deadline) await wait(20)
  for (const child of children.values()) child.kill('SIGKILL')
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))
// npm killed outright tells nobody; then another process becomes our parent.
const parent = process.ppid
setInterval(() => process.ppid !== parent && void stop(0), 1000).unref()

function readiness(child) {
  return new Promise((resolve) => child.once('message', resolve))
}

async function answers(url) {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await wait(50)
  }
}

const identity = start('identity', 'services/identity/dist/src/main.js', {
  ISSUER: issuer,
  CONFIG_FILE: process.env.CONFIG_FILE ?? settings.configFile,
})
start('demo-api', 'services/demo-api/dist/src/main.js', {
  PORT: '4001',
  HOST: 'localhost',
  ISSUER: issuer,
  AUDIENCE: api,
  CLIENT_ID: 'demo',
  CLIENT_SECRET: settings.clientSecret,
  SESSION_KEY: settings.sessionKey,
})

const [{ setupLink }] = await Promise.all([readiness(identity), answers(`${api}/health/ready`)])
const people = settings.people.map(
  ({ name, email, password, roles }) =>
    `    ${name.padEnd(14)} ${email.padEnd(20)} ${password}${roles.length > 0 ? `   (${roles.join(', ')})` : ''}`,
)
console.log(`
  Signet is ready.

    Demo app       ${api}
    Identity       ${issuer}
    Inbox          ${issuer}/dev/inbox   (all mail ends up here)

  Sign in as

${people.join('\n')}

  ${
    setupLink === undefined
      ? 'Another administrator? Stop, then: npm run signet -- admin-link'
      : `Make an administrator of your own (once, within an hour):\n  ${setupLink}`
  }

  Data in ${data}, logs in ${logs}. Ctrl-C stops everything.
`)
