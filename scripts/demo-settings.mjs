// What the demo needs and no repository should hold: made at the first start, kept under .data, the same ever after.
import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const WORDS = (
  'amber anchor apple arrow autumn beacon birch bridge bronze cedar cherry cloud clover comet coral ' +
  'cotton copper delta ember falcon fern fjord forest garden ginger glacier harbor hazel heron island ' +
  'ivory jasmine juniper lagoon lantern lemon linen magnet maple marble meadow mellow meteor mint ' +
  'mosaic nectar nutmeg olive orchid otter pebble pepper pine planet poplar quartz raven ripple river ' +
  'saffron sage salmon silver sparrow summit thyme timber topaz tulip velvet violet walnut willow'
).split(' ')

const pick = () => WORDS[randomInt(WORDS.length)]
const password = () => `${pick()}-${pick()}-${pick()}-${pick()}-${randomInt(10, 100)}`

function made() {
  return {
    clientSecret: randomBytes(32).toString('base64url'),
    sessionKey: randomBytes(32).toString('base64url'),
    googleSecret: randomBytes(32).toString('base64url'),
    passwords: { ada: password(), grace: password(), alan: password() },
  }
}

/**
 * The demo's secrets and the configuration file that tells the identity service about them. For trying out Google there
 * is an account more: one that somebody has made with another person's address, to be taken out of their hands.
 */
export function demoSettings(folder, api, { tryGoogle = false } = {}) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secrets = kept(`${folder}/demo.json`)
  const people = [
    {
      email: 'ada@example.test',
      name: 'Ada Lovelace',
      password: secrets.passwords.ada,
      roles: ['admin'],
      claims: { name: 'Ada Lovelace', given_name: 'Ada', family_name: 'Lovelace' },
    },
    {
      email: 'grace@example.test',
      name: 'Grace Hopper',
      password: secrets.passwords.grace,
      roles: [],
      claims: { name: 'Grace Hopper', given_name: 'Grace', family_name: 'Hopper' },
    },
    ...(tryGoogle ? [squatter(secrets.passwords.alan)] : []),
  ]
  const configFile = `${folder}/demo-config.json`
  writeFileSync(configFile, JSON.stringify(configuration(api, secrets, people), null, 2), {
    mode: 0o600,
  })
  return { ...secrets, people, configFile }
}

const squatter = (secret) => ({
  email: 'alan.turing@gmail.com',
  name: 'Not Alan Turing',
  password: secret,
  roles: [],
  isUnproved: true,
})

function kept(path) {
  const known = read(path)
  const fresh = made()
  // Of an earlier version, it lacks what has come since.
  const passwords = { ...fresh.passwords, ...known.passwords }
  const all = { ...fresh, ...known, passwords }
  if (JSON.stringify(all) !== JSON.stringify(known))
    writeFileSync(path, JSON.stringify(all, null, 2), { mode: 0o600 })
  return all
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw new Error(`${path} cannot be read`, { cause: error })
  }
}

function configuration(api, { clientSecret }, people) {
  return {
    settings: { sign_up: 'open' },
    resources: [
      {
        identifier: api,
        name: 'Demo notes',
        scopes: { 'notes:read': 'Read your notes', 'notes:write': 'Add and change your notes' },
      },
    ],
    roles: [{ name: 'admin', description: 'Operators' }],
    clients: [
      {
        client_id: 'demo',
        client_secret: clientSecret,
        client_name: 'Demo notes',
        client_uri: api,
        redirect_uris: [`${api}/bff/callback`],
        post_logout_redirect_uris: [`${api}/`, api],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email offline_access notes:read notes:write',
      },
    ],
    users: people.map(({ email, password: secret, roles, claims, isUnproved }) => ({
      email,
      // Left out, it is false for a new account, and stays what it has become.
      ...(!isUnproved && { email_verified: true }),
      password: secret,
      roles,
      claims,
    })),
  }
}
