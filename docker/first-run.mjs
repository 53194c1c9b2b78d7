// Makes the secrets of `docker compose up`, each once, each in the volume of those who need it.
// Deleting the volumes (docker compose down --volumes) deletes the database and its keys together.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

import { demoSettings } from '../scripts/demo-settings.mjs'

const IDENTITY = '/run/signet'
const DEMO_API = '/run/demo-api'
const DATABASE = '/run/database'
const DEMO_APP = 'http://localhost:4001'

/** Keeps what is there: a new password would lock out of a database that has the old one. */
function once(path, make, mode = 0o400) {
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, make(), { mode })
    renameSync(`${path}.new`, path)
  }
  return readFileSync(path, 'utf8')
}

// Read by the database server, which runs as another user; the volume is mounted nowhere else.
const password = once(`${DATABASE}/password`, () => randomBytes(32).toString('base64url'), 0o444)
once(`${IDENTITY}/database-url`, () => `postgres://signet:${password}@postgres:5432/signet`)
once(`${IDENTITY}/secret-keys`, () => `k1:${randomBytes(32).toString('base64')}`)

const demo = demoSettings(IDENTITY, DEMO_APP)
once(`${DEMO_API}/client-secret`, () => demo.clientSecret)
once(`${DEMO_API}/session-key`, () => demo.sessionKey)

console.log(`Demo app:  ${DEMO_APP}`)
console.log('Mail:      http://localhost:8025')
for (const person of demo.people) console.log(`Sign in:   ${person.email}  ${person.password}`)
