import t from 'tap'
import { readConfig } from './config.ts'

const client = { CLIENT_ID: 'demo', CLIENT_SECRET: 'secret' }

await t.test('nothing given: everything has a default, sign-in is off', async (t) => {
  const result = readConfig({})
  t.match(result, {
    ok: true,
    config: {
      host: 'localhost',
      port: 4001,
      issuer: 'http://localhost:4000',
      audience: 'http://localhost:4001',
      baseUrl: 'http://localhost:4001',
      rateLimitPerMinute: 300,
      signIn: undefined,
    },
  })
  t.same(
    readConfig({ PORT: '', CLIENT_ID: '', CLIENT_SECRET_FILE: '' }),
    result,
    'empty is not given',
  )
})

await t.test('where the front end is', async (t) => {
  const baseOf = (environment: Record<string, string>) => {
    const result = readConfig(environment)
    return result.ok ? result.config.baseUrl : result.faults.join()
  }
  t.equal(baseOf({ PORT: '5001' }), 'http://localhost:5001')
  t.equal(baseOf({ PORT: '5001', AUDIENCE: 'http://127.0.0.1:4001' }), 'http://127.0.0.1:5001')
  t.equal(baseOf({ AUDIENCE: 'https://notes.example/api' }), 'https://notes.example')
  t.equal(baseOf({ AUDIENCE: 'urn:notes' }), 'http://localhost:4001')
  t.equal(baseOf({ AUDIENCE: 'urn:notes', BASE_URL: 'https://x.example/' }), 'https://x.example')
})

await t.test('values from files', async (t) => {
  const files: Record<string, string> = {
    '/s': 'from file\n',
    '/k': `${'a'.repeat(32)},${'b'.repeat(32)}\n`,
  }
  const read = (path: string) => {
    const content = files[path]
    if (content === undefined) throw new Error(`no such file: ${path}`)
    return content
  }
  const good = {
    CLIENT_ID: 'demo',
    CLIENT_SECRET_FILE: '/s',
    SESSION_KEY_FILE: '/k',
    BFF_MODE: 'tmb',
  }
  t.match(readConfig(good, read), {
    config: {
      signIn: {
        clientSecret: 'from file',
        sessionKeys: ['a'.repeat(32), 'b'.repeat(32)],
        mode: 'tmb',
      },
    },
  })
  t.match(readConfig({ ...client, CLIENT_SECRET_FILE: '/s' }, read), { ok: false })
  t.match(readConfig({ PORT_FILE: '/missing' }, read), {
    ok: false,
    faults: [/PORT_FILE.*missing/],
  })
})

await t.test('all faults at once', async (t) => {
  const result = readConfig({
    PORT: 'http',
    ISSUER: 'http://id.example',
    BASE_URL: 'notes.example',
    SESSION_KEY: 'short',
    BFF_MODE: 'spa',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'loud',
    CLIENT_ID_FILE: '/missing',
  })
  t.equal(result.ok, false)
  const text = result.ok ? '' : result.faults.join('\n')
  for (const name of [
    'PORT',
    'ISSUER',
    'BASE_URL',
    'SESSION_KEY',
    'BFF_MODE',
    'RATE_LIMIT_PER_MINUTE',
    'LOG_LEVEL',
    'CLIENT_ID_FILE',
  ]) {
    t.match(text, new RegExp(`^${name}: .`, 'm'), name)
  }
})

await t.test('faults of sign-in', async (t) => {
  for (const [name, environment] of Object.entries({
    'half a client': { CLIENT_ID: 'demo' },
    'the other half': { CLIENT_SECRET: 'x' },
    'no session key on a public origin': { ...client, BASE_URL: 'https://x.example' },
    'a public audience over http': {
      ...client,
      AUDIENCE: 'http://notes.example',
      SESSION_KEY: 'k'.repeat(32),
    },
    'one good and one short key': { ...client, SESSION_KEY: `${'k'.repeat(32)},short` },
    'a slash after the issuer': { ISSUER: 'https://id.example/' },
    'an issuer that is no URL': { ISSUER: 'id.example' },
    'a port out of range': { PORT: '70000' },
    'half a port': { PORT: '4001.5' },
  })) {
    t.equal(readConfig(environment).ok, false, name)
  }
})
