import t from 'tap'
import { createKeyRing } from '../../platform/crypto/key-ring.ts'
import { type GrantStanding, isAlive, refreshVerdict } from './grant.ts'
import { createRefreshTokens } from './refresh-token.ts'

const ring = createKeyRing(
  new Map([
    ['k1', Buffer.alloc(32, 1)],
    ['k2', Buffer.alloc(32, 2)],
  ]),
)
const tokens = createRefreshTokens(ring)
const id = '01890000-0000-7000-8000-000000000001'
const content = { grantId: id, generation: 7, salt: 'c2FsdHNhbHQ' }

void t.test('a refresh token gives back what it was made of', async (t) => {
  for (const generation of [1, 7, 999_999_999])
    t.same(tokens.parse(tokens.format({ ...content, generation })), { ...content, generation })
  t.equal(tokens.format(content), tokens.format(content), 'and is the same each time')
  // RFC 6749 appendix A.17
  t.match(tokens.format(content), /^[\x20-\x7e]+$/)
})

void t.test('no changed letter of a refresh token goes unnoticed', async (t) => {
  const token = tokens.format(content)
  for (let index = 0; index < token.length; index += 1)
    for (const letter of ['0', 'A', 'z', '.', '=', ' ', '']) {
      const forged = token.slice(0, index) + letter + token.slice(index + 1)
      if (forged !== token && tokens.parse(forged) !== undefined) t.fail(`${index} ${letter}`)
    }
  for (const forged of [
    '',
    '....',
    `${token}.`,
    `.${token}`,
    `${token}.x`,
    ` ${token}`,
    `${token}\n`,
    token.toUpperCase(),
    token.slice(0, -1),
    `${id}.7.${content.salt}`,
    `${id}.7.${content.salt}.k1`,
    `${id}.7.${content.salt}.k1.`,
    `${id}.7.${content.salt}.undefined.undefined`,
    `${id}.7.${content.salt}.${ring.mac('csrf', `${id}.7.${content.salt}`)}`,
    token.replace('.k1.', '.k2.'),
    token.replace('.k1.', '.k3.'),
  ])
    t.equal(tokens.parse(forged), undefined, forged)
})

void t.test('not even a genuine MAC makes a malformed refresh token', async (t) => {
  const genuine = (text: string) => `${text}.${ring.mac('refresh-token', text)}`
  t.ok(tokens.parse(genuine(`${id}.7.salt`)), 'the maker of these is able to make a good one')
  for (const text of [
    `${id}.0.salt`,
    `${id}.-1.salt`,
    `${id}.07.salt`,
    `${id}.1e3.salt`,
    `${id}.7.5.salt`,
    `${id}.1234567890.salt`,
    `${id}..salt`,
    `${id}.NaN.salt`,
    `${id.toUpperCase().replaceAll('0', 'A')}.7.salt`,
    `not-a-uuid.7.salt`,
    `.7.salt`,
    `${id}.7`,
    `${id}.7.sa.lt`,
  ])
    t.equal(tokens.parse(genuine(text)), undefined, text)
})

void t.test(
  'a key ring that turns over keeps old refresh tokens, until the key is dropped',
  async (t) => {
    const token = createRefreshTokens(createKeyRing(new Map([['k2', Buffer.alloc(32, 2)]]))).format(
      content,
    )
    t.same(tokens.parse(token), content)
    const other = createKeyRing(new Map([['k3', Buffer.alloc(32, 3)]]))
    t.equal(createRefreshTokens(other).parse(token), undefined)
    const impostor = createKeyRing(new Map([['k2', Buffer.alloc(32, 9)]]))
    t.equal(createRefreshTokens(impostor).parse(token), undefined)
  },
)

const now = new Date(1_700_000_000_000)
const seconds = (count: number) => new Date(now.getTime() + count * 1000)

/** Generation 5, rotated five seconds ago. */
const grant: GrantStanding = {
  id,
  clientId: 'app',
  sessionId: 's',
  scopes: ['openid'],
  resources: [],
  claimsRequest: null,
  authTime: seconds(-100),
  amr: ['pwd'],
  acr: 'aal1',
  refreshable: true,
  salt: 'salt',
  generation: 5,
  rotatedAt: seconds(-5),
  issuedScopes: ['openid'],
  issuedAudience: 'https://api.test',
  idleExpiresAt: seconds(1000),
  expiresAt: seconds(2000),
  endedAt: null,
  endedBecause: null,
  sessionEndedAt: null,
  userDisabledAt: null,
  user: {
    id: 'u',
    email: 'ada@example.test',
    emailVerified: true,
    claims: {},
    roles: [],
    updatedAt: now,
  },
}

void t.test('what a refresh token that did not rotate deserves', async (t) => {
  const rows: [
    string,
    Partial<GrantStanding>,
    Partial<{ clientId: string; generation: number; salt: string }>,
    string,
  ][] = [
    ['the predecessor, at once', {}, { generation: 4 }, 'repeat'],
    [
      'the predecessor, at the end of the grace',
      { rotatedAt: seconds(-10) },
      { generation: 4 },
      'repeat',
    ],
    [
      'the predecessor, a millisecond later',
      { rotatedAt: seconds(-10.001) },
      { generation: 4 },
      'replayed',
    ],
    ['a node whose clock is behind', { rotatedAt: seconds(2) }, { generation: 4 }, 'repeat'],
    ['the one before it, within the grace', {}, { generation: 3 }, 'replayed'],
    ['the first one', {}, { generation: 1 }, 'replayed'],
    ['one from a future that a backup undid', {}, { generation: 6 }, 'replayed'],
    ['the newest one: it asked for more than it has', {}, { generation: 5 }, 'current'],
    ['another salt: the id was used again', {}, { generation: 5, salt: 'other' }, 'dead'],
    ['another salt, and an old one', {}, { generation: 1, salt: 'other' }, 'dead'],
    ['the newest one in other hands', {}, { generation: 5, clientId: 'rival' }, 'foreign'],
    ['an old one in other hands hurts nobody', {}, { generation: 1, clientId: 'rival' }, 'foreign'],
    ['a client id that differs by case', {}, { generation: 5, clientId: 'APP' }, 'foreign'],
    [
      'ended',
      { endedAt: seconds(-1), endedBecause: 'revoked_by_client' },
      { generation: 5 },
      'dead',
    ],
    [
      'ended, predecessor',
      { endedAt: seconds(-1), endedBecause: 'code_replayed' },
      { generation: 4 },
      'dead',
    ],
    ['session ended', { sessionEndedAt: seconds(-1) }, { generation: 5 }, 'dead'],
    [
      'session ended, predecessor within the grace',
      { sessionEndedAt: seconds(-1) },
      { generation: 4 },
      'dead',
    ],
    ['user disabled', { userDisabledAt: seconds(-1) }, { generation: 5 }, 'dead'],
    [
      'user disabled, predecessor within the grace',
      { userDisabledAt: seconds(-1) },
      { generation: 4 },
      'dead',
    ],
    ['idle too long', { idleExpiresAt: now }, { generation: 5 }, 'expired'],
    ['past its absolute end', { expiresAt: now }, { generation: 5 }, 'expired'],
    ['past its end, predecessor', { expiresAt: now }, { generation: 4 }, 'expired'],
    [
      'past its end, old: nothing is left to kill',
      { expiresAt: seconds(-1) },
      { generation: 1 },
      'expired',
    ],
  ]
  for (const [name, facts, attempt, verdict] of rows) {
    const tried = { clientId: 'app', generation: 5, salt: 'salt', ...attempt }
    t.equal(refreshVerdict({ ...grant, ...facts }, tried, now, 10), verdict, name)
  }
  const tried = { clientId: 'app', generation: 4, salt: 'salt' }
  t.equal(refreshVerdict(undefined, tried, now, 10), 'dead', 'no such grant')
  t.equal(refreshVerdict(grant, tried, now, 0), 'replayed', 'without grace')
  t.equal(refreshVerdict({ ...grant, rotatedAt: now }, tried, now, 0), 'repeat', 'the same moment')
})

void t.test('a grant lives until it, its session or its user ends', async (t) => {
  t.ok(isAlive(grant))
  for (const end of [{ endedAt: now }, { sessionEndedAt: now }, { userDisabledAt: now }])
    t.notOk(isAlive({ ...grant, ...end }), Object.keys(end).join())
})
