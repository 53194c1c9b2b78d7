import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Environment, listenPort, readConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'signet-config-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, content: string) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`
/** What an installation on the open network needs. */
const open = {
  ISSUER: 'https://id.example.com',
  DATABASE_URL: 'postgres://signet:secret@db/signet',
  SECRET_KEYS: keys,
}
const local = { DATABASE_URL: 'pglite:memory' }

const faultsOf = (env: Environment) => {
  const config = readConfig(env)
  return 'faults' in config ? config.faults : []
}
const valid = (env: Environment) => {
  const config = readConfig(env)
  if ('faults' in config) throw new Error(config.faults.join('\n'))
  return config
}

void t.test('an empty environment is a service on this machine', async (t) => {
  const config = valid(local)
  t.match(config, {
    issuer: 'http://localhost:4000',
    host: 'localhost',
    port: 4000,
    databaseUrl: 'pglite:memory',
    configFile: undefined,
    trustProxy: [],
    logLevel: 'info',
  })
  t.ok(Object.isFrozen(config))
  t.same(valid({ ...local, ISSUER: '', PORT: '', LOG_LEVEL: '' }).port, 4000, 'empty is unset')
})

void t.test('each fault alone is said in one line', async (t) => {
  const rows: [Environment, RegExp][] = [
    [{ ISSUER: 'id.example.com' }, /^ISSUER must be a URL/],
    [{ ISSUER: '/id' }, /^ISSUER must be a URL/],
    [{ ISSUER: 'https://id.example.com/' }, /^ISSUER must have no trailing slash/],
    [{ ISSUER: 'https://id.example.com/id' }, /^ISSUER must have no path/],
    [{ ISSUER: 'https://id.example.com?a=b' }, /^ISSUER must have no .*query/],
    [{ ISSUER: 'https://id.example.com?' }, /^ISSUER must have no .*query/],
    [{ ISSUER: 'https://id.example.com#a' }, /^ISSUER must have no .*fragment/],
    [{ ISSUER: 'https://id.example.com#' }, /^ISSUER must have no .*fragment/],
    [{ ISSUER: 'https://ada@id.example.com' }, /^ISSUER must have no .*user name/],
    [{ ISSUER: 'https://:pw@id.example.com' }, /^ISSUER must have no .*user name/],
    [{ ISSUER: 'http://id.example.com' }, /^ISSUER must be https/],
    [{ ISSUER: 'http://127.0.0.1.example.com' }, /^ISSUER must be https/],
    [{ ISSUER: 'ftp://id.example.com' }, /^ISSUER must be https/],
    [{ PORT: '4000a' }, /^PORT must be a number/],
    [{ PORT: '-1' }, /^PORT must be a number/],
    [{ PORT: '65536' }, /^PORT must be a number/],
    [{ PORT: '4e3' }, /^PORT must be a number/],
    [{ DATABASE_URL: undefined }, /^DATABASE_URL is missing: set postgres:/],
    [{ DATABASE_URL: 'mysql://root:hunter2@db/x' }, /^DATABASE_URL must start with postgres:/],
    [{ DATABASE_URL: 'pglite:' }, /^DATABASE_URL must start with/],
    [{ DATABASE_URL: 'postgres://' }, /^DATABASE_URL must start with/],
    [{ SECRET_KEYS: undefined }, /^SECRET_KEYS is missing: set .*openssl rand/],
    [{ SECRET_KEYS: 'hunter2' }, /^SECRET_KEYS: entry 1 must be id:base64/],
    [{ SECRET_KEYS: 'k1:aHVudGVyMg==' }, /^SECRET_KEYS: entry 1 \(k1\) must be 32 bytes/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of trace, debug/],
    [{ LOG_LEVEL: 'INFO' }, /^LOG_LEVEL must be one of/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: '10.0.0.0/8, proxy.example.com' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: '10.0.0.0/33' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: '2001:db8::/129' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: '10.0.0/8' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: '1.2.3.4.5' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: 'face' }, /^TRUST_PROXY must be/],
    [{ TRUST_PROXY: '10.0.0.0/8,' }, /^TRUST_PROXY must be/],
    [{ INBOX: 'on' }, /^INBOX shows every mail/],
    [{ INBOX: 'true' }, /^INBOX shows every mail/],
    [{ WORKERS: '4' }, /^WORKERS must be 1/],
    [{ HOST_FILE: '/nowhere/host' }, /^HOST_FILE: \/nowhere\/host cannot be read/],
    [{ CONFIG_FILE_FILE: '/nowhere/file' }, /^CONFIG_FILE_FILE: .*cannot be read/],
    [{ HOST: '::', HOST_FILE: file('host', '::') }, /^HOST and HOST_FILE are both set/],
  ]
  for (const [given, fault] of rows) {
    const faults = faultsOf({ ...open, ...given })
    t.ok(
      faults.length === 1 && fault.test(faults[0] ?? ''),
      `${JSON.stringify(given)}: ${faults.join()}`,
    )
    t.notMatch(faults.join(), /hunter2|aHVudGVyMg/, 'without repeating a secret')
  }
})

void t.test('all faults at once, and nothing is written meanwhile', async (t) => {
  const data = join(folder, 'data', 'identity')
  const faults = faultsOf({
    ISSUER: 'http://id.example.com/x/',
    PORT: 'x',
    LOG_LEVEL: 'x',
    TRUST_PROXY: 'x',
    INBOX: '1',
    WORKERS: 'x',
    HOST_FILE: '/nowhere',
  })
  for (const name of ['ISSUER', 'PORT', 'DATABASE_URL', 'SECRET_KEYS', 'LOG_LEVEL', 'TRUST_PROXY'])
    t.equal(
      faults.filter((fault) => fault.startsWith(name)).length,
      name === 'ISSUER' ? 3 : 1,
      name,
    )
  for (const name of ['INBOX', 'WORKERS', 'HOST_FILE'])
    t.equal(faults.filter((fault) => fault.startsWith(name)).length, 1, name)

  for (const wrong of [{ PORT: 'x' }, { LOG_LEVEL: 'x' }, { TRUST_PROXY: 'x' }, { WORKERS: '2' }]) {
    t.equal(faultsOf({ DATABASE_URL: `pglite:${data}`, ...wrong }).length, 1)
    t.notOk(readdirSync(folder).includes('data'), `${Object.keys(wrong).join()}: nothing written`)
  }
})

void t.test('what is unsafe on the open network starts on loopback only', async (t) => {
  t.same(faultsOf(open), [])
  t.match(faultsOf({ ISSUER: open.ISSUER }), [
    /^DATABASE_URL is missing/,
    /^SECRET_KEYS is missing/,
  ])
  for (const ISSUER of [
    'http://localhost:4000',
    'http://127.0.0.1:1',
    'http://[::1]:4000',
    'http://id.localhost',
    'https://localhost',
  ])
    t.equal(valid({ ...local, ISSUER }).issuer, ISSUER)
  for (const ISSUER of ['https://localhost.example.com', 'https://10.0.0.1', 'https://0.0.0.0'])
    t.match(faultsOf({ ISSUER, ...local }), [/^SECRET_KEYS is missing/], ISSUER)
  for (const INBOX of ['0', 'false', 'off', 'no', ''])
    t.same(faultsOf({ ...open, INBOX }), [], `INBOX=${INBOX}`)
})

void t.test('NAME_FILE gives the content of a file, without its last line end', async (t) => {
  const config = valid({
    ISSUER: open.ISSUER,
    DATABASE_URL_FILE: file('url', `${open.DATABASE_URL}\n`),
    SECRET_KEYS_FILE: file('keys', `${keys}\r\n`),
    PORT_FILE: file('port', '4444\n'),
    LOG_LEVEL_FILE: '',
    TRUST_PROXY: '10.0.0.0/8, ::1, 2001:db8::/32, 192.168.1.1',
  })
  t.match(config, { databaseUrl: open.DATABASE_URL, port: 4444, logLevel: 'info' })
  t.same([...config.secretKeys.keys()], ['k1'])
  t.same(config.trustProxy, ['10.0.0.0/8', '::1', '2001:db8::/32', '192.168.1.1'])
  t.match(faultsOf({ ...open, SECRET_KEYS_FILE: file('keys', keys) }), [
    'SECRET_KEYS and SECRET_KEYS_FILE are both set: keep one',
  ])
  t.match(faultsOf({ ...open, PORT_FILE: folder }), [/^PORT_FILE: .* cannot be read/])
  t.match(faultsOf({ ...open, PORT_FILE: file('port', 'secret') }), [/^PORT must be/])
})

void t.test('development keys are made once, closed to others, and kept', async (t) => {
  const DATABASE_URL = `pglite:${join(folder, 'dev', 'identity')}`
  const first = valid({ DATABASE_URL })
  const path = join(folder, 'dev', 'identity.secret-keys')
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.equal(statSync(join(folder, 'dev')).mode & 0o777, 0o700)
  t.same(valid({ DATABASE_URL }).secretKeys, first.secretKeys)
  t.same(valid({ DATABASE_URL: `${DATABASE_URL}/` }).secretKeys, first.secretKeys)
  t.strictNotSame(valid(local).secretKeys, valid(local).secretKeys, 'in memory: new each time')
  writeFileSync(path, 'damaged')
  t.match(faultsOf({ DATABASE_URL }), [/^SECRET_KEYS: entry 1/])
})

void t.test('a place that takes no file is a fault, not a crash', async (t) => {
  file('plain', '')
  const inFile = `pglite:${join(folder, 'plain', 'identity')}`
  t.match(faultsOf({ DATABASE_URL: inFile }), [/^SECRET_KEYS: .*identity\.secret-keys/])
  mkdirSync(join(folder, 'taken.secret-keys'))
  t.match(faultsOf({ DATABASE_URL: `pglite:${join(folder, 'taken')}` }), [/^SECRET_KEYS: /])
})

void t.test('what has no effect yet is named, and only when it is set', async (t) => {
  t.same(valid({ ...open, REDIS_URL: '' }).withoutEffect, [])
  const portFile = file('port', '9')
  t.ok(
    valid({ ...open, METRICS_PORT_FILE: portFile }).withoutEffect.every((name) =>
      /^[A-Z_]+$/.test(name),
    ),
  )
})

void t.test('the health check asks the port that the service listens on', async (t) => {
  t.equal(listenPort({}), 4000)
  t.equal(listenPort({ PORT: '4444' }), 4444)
  t.equal(listenPort({ PORT: '' }), 4000, 'empty is unset')
  t.equal(listenPort({ PORT_FILE: file('port', '4445\n') }), 4445)
})

void t.test('Google', async (t) => {
  const both = { ...local, GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret' }
  t.equal(valid(local).google, undefined)
  t.match(valid(both).google, {
    issuer: 'https://accounts.google.com',
    link: 'proof',
    countsAsSecondFactor: false,
    hostedDomain: undefined,
  })
  const counts = (text: string) => ({ ...both, GOOGLE_COUNTS_AS_SECOND_FACTOR: text })
  t.equal(valid(counts('true')).google?.countsAsSecondFactor, true)
  for (const no of ['false', '']) t.equal(valid(counts(no)).google?.countsAsSecondFactor, false)
  for (const odd of ['yes', '1', 'TRUE', 'true '])
    t.match(faultsOf(counts(odd)), [/^GOOGLE_COUNTS_AS_SECOND_FACTOR must be true or false/])
  t.match(faultsOf({ ...both, GOOGLE_LINK: 'always' }), [/^GOOGLE_LINK must be/])
  t.match(faultsOf({ ...both, GOOGLE_ISSUER: 'http://a.test' }), [/^GOOGLE_ISSUER must be https/])
  t.match(faultsOf({ ...local, GOOGLE_CLIENT_ID: 'id' }), [/belong together/])
})
