// `npm start`: the identity service and the demo, each a process of its own, stopped together. With `-- --try-google`
// there is a stand-in for Google as well.
import { fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { demoSettings } from './demo-settings.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const tryGoogle = readOptions()['try-google']
const issuer = process.env.ISSUER ?? 'http://localhost:4000'
const api = 'http://localhost:4001'
const standIn = 'http://localhost:4002'
const data = '.data'
const logs = `${data}/logs`
const settings = demoSettings(data, api, { tryGoogle })
mkdirSync(logs, { recursive: true })

// Over whatever the environment says of Google; an empty variable counts as unset.
const googleEnv = tryGoogle
  ? {
      GOOGLE_ISSUER: standIn,
      GOOGLE_CLIENT_ID: 'signet-demo',
      GOOGLE_CLIENT_SECRET: settings.googleSecret,
      GOOGLE_ISSUER_FILE: '',
      GOOGLE_CLIENT_ID_FILE: '',
      GOOGLE_CLIENT_SECRET_FILE: '',
    }
  : {}

const children = new Map()
let stopping = false

function readOptions() {
  try {
    return parseArgs({ options: { 'try-google': { type: 'boolean', default: false } } }).values
  } catch (error) {
    console.error(`${error.message}\nUsage: npm start, or npm start -- --try-google`)
    process.exit(64)
  }
}

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
  ...googleEnv,
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

const google =
  tryGoogle &&
  start('google-stand-in', 'scripts/google-stand-in/main.mjs', { ISSUER: issuer, ...googleEnv })

const [{ setupLink }] = await Promise.all([
  readiness(identity),
  answers(`${api}/health/ready`),
  google && readiness(google),
])
const width = (member) => Math.max(...settings.people.map((person) => person[member].length)) + 2
const people = settings.people.map(({ name, email, password, roles, isUnproved }) => {
  const remark = isUnproved ? 'has never proved the address' : roles.join(', ')
  const who = `${name.padEnd(width('name'))} ${email.padEnd(width('email'))}`
  return `    ${who} ${password}${remark === '' ? '' : `   (${remark})`}`
})
console.log(`
  Signet is ready.

    Demo app       ${api}
    Identity       ${issuer}
    Inbox          ${issuer}/dev/inbox   (all mail ends up here)${
      tryGoogle ? `\n    Google         ${standIn}   (a stand-in: you choose who you are)` : ''
    }

  Sign in${tryGoogle ? ' with Google, or' : ''} as

${people.join('\n')}

  ${
    setupLink === undefined
      ? 'Another administrator? Stop, then: npm run signet -- admin-link'
      : `Make an administrator of your own (once, within an hour):\n  ${setupLink}`
  }

  ${tryGoogle ? '' : 'With “Sign in with Google”, without an account there: npm start -- --try-google\n\n  '}Data in ${data}, logs in ${logs}. Ctrl-C stops everything.
`)
