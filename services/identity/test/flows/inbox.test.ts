// The inbox of development: what a person and a test read there, and where it must not be.
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import type { LetterContent } from '../../src/domain/mail/letter.ts'
import { createOutbox } from '../../src/domain/mail/store.ts'
import { devInbox } from '../../src/interaction/dev-inbox/routes.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { startService } from '../../src/service.ts'
import { testDatabase } from '../helpers/database.ts'
import { freePort, startIdentity } from '../helpers/identity.ts'
import { isRecord, send } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'

t.setTimeout(120_000)

const from = 'no-reply@id.example.test'
const letterTo = (address: string, changes: Partial<LetterContent> = {}): LetterContent => ({
  to: { name: 'Ada', address },
  subject: `For ${address}`,
  text: 'Hello\n\nGo on:\n\nhttps://id.example.test/verify-email?token=a.b_c-d&x=1\n\n    481516\n',
  html: '<!doctype html><p>Hello</p>',
  ...changes,
})

async function inbox(t: Test) {
  const { db } = await testDatabase(t, 'pglite')
  let nowMs = Date.parse('2026-11-21T12:00:00Z')
  const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
  const outbox = createOutbox(db, ring, () => new Date(nowMs))
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(devInbox({ outbox, from }))
  return {
    async queue(letter: LetterContent) {
      await outbox.queue(letter)
      nowMs += 1000
    },
    async page() {
      return app.inject('/dev/inbox')
    },
    async messages(query = '') {
      const answer = await app.inject(`/dev/inbox/messages${query}`)
      t.equal(answer.statusCode, 200, query)
      t.match(answer.headers['content-type'], /^application\/json/)
      const list: unknown = answer.json()
      if (!Array.isArray(list) || !list.every(isRecord)) throw new Error('not a list of objects')
      return list
    },
  }
}

void t.test('messages', async (t) => {
  const { queue, messages, page } = await inbox(t)

  await t.test('an empty inbox is an empty list, at once', async (t) => {
    t.same(await messages(), [])
    t.match((await page()).body, /No mail yet/)
  })

  await t.test('have exactly the members of the interface', async (t) => {
    await queue(letterTo('ada@example.test'))
    const [message, ...others] = await messages()
    t.same(others, [])
    t.match(String(message?.['id']), /^[0-9a-f-]{36}$/)
    const { id: _id, ...rest } = message ?? {}
    t.strictSame(rest, {
      to: 'ada@example.test',
      from,
      subject: 'For ada@example.test',
      text: letterTo('').text,
      html: '<!doctype html><p>Hello</p>',
      links: ['https://id.example.test/verify-email?token=a.b_c-d&x=1'],
      codes: ['481516'],
      at: '2026-11-21T12:00:00.000Z',
    })
  })

  await t.test('come newest first', async (t) => {
    await queue(letterTo('bob@example.test'))
    await queue(letterTo('ada@example.test', { subject: 'A second one' }))
    t.same(
      (await messages()).map(({ subject }) => subject),
      ['A second one', 'For bob@example.test', 'For ada@example.test'],
    )
  })

  for (const [query, count] of [
    ['?to=ada@example.test', 2],
    ['?to=ADA@Example.Test', 2],
    ['?to=%20ada%40example.test%20', 2],
    ['?to=bob@example.test', 1],
    ['?to=ada', 0],
    ['?to=', 3],
    ['?to=ada@example.test,bob@example.test', 0],
    ['?to=%25', 0],
    ['?to=ada@example.test&wait_s=30', 2],
  ] as const)
    await t.test(`${query} finds ${count}`, async (t) => {
      t.equal((await messages(query)).length, count)
    })

  for (const wait of ['0', '-1', 'soon', '', 'NaN', '0.05'])
    await t.test(`wait_s=${wait} does not keep anybody waiting`, async (t) => {
      const start = performance.now()
      t.same(await messages(`?to=nobody@example.test&wait_s=${wait}`), [])
      t.ok(performance.now() - start < 1500)
    })

  await t.test('wait_s waits for a first one, and no longer', async (t) => {
    const start = performance.now()
    const waiting = messages('?to=eve@example.test&wait_s=20')
    setTimeout(() => void queue(letterTo('carol@example.test')), 50)
    setTimeout(() => void queue(letterTo('eve@example.test')), 150)
    t.same(
      (await waiting).map(({ to }) => to),
      ['eve@example.test'],
    )
    const took = performance.now() - start
    t.ok(took >= 100 && took < 10_000, `${took} ms`)
    const vain = performance.now()
    t.same(await messages('?to=nobody@example.test&wait_s=1'), [])
    t.ok(performance.now() - vain >= 950, 'an empty answer comes when the time is over')
  })

  await t.test('links and codes are those of the text, none made up', async (t) => {
    const text = [
      'Call 123456 or visit https://a.example.test/x?y=1#z or <https://b.example.test/>',
      '  ABCDE-23456  ',
      '12345',
      '1234567',
      'javascript:alert(1) ftp://c.example.test/',
    ].join('\n')
    await queue(letterTo('links@example.test', { text }))
    const [message] = await messages('?to=links@example.test')
    t.same(message?.['codes'], ['ABCDE-23456'])
    t.same(message?.['links'], ['https://a.example.test/x?y=1#z', 'https://b.example.test/'])
  })

  await t.test('the page stays small, and says where the older ones are', async (t) => {
    t.notMatch((await page()).body, 'href="/dev/inbox/messages"')
    const text = `https://id.example.test/unlock?token=${'a'.repeat(300)}`
    for (let n = 0; n < 30; n += 1) await queue(letterTo(`n${n}@example.test`, { text }))
    const { body } = await page()
    t.equal(body.split('<article>').length - 1, 20)
    t.match(body, 'For n29@example.test')
    t.match(body, 'href="/dev/inbox/messages"')
    t.ok(body.length < 30_000, `${body.length} bytes`)
  })

  await t.test('the page shows hostile mail as text', async (t) => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    const changes = { subject: hostile, text: hostile, html: hostile }
    await queue({
      ...letterTo('hostile@example.test', changes),
      to: { name: hostile, address: from },
    })
    const { body } = await page()
    t.match(body, /&lt;script/)
    t.notOk(body.includes(hostile))
    t.notMatch(body, /<img/)
  })
})

void t.test('is there by default on loopback, and kept by nobody', async (t) => {
  const { issuer } = await startIdentity(t, { config: world() })
  for (const path of ['/dev/inbox', '/dev/inbox/messages']) {
    const answer = await send(issuer + path)
    t.equal(answer.status, 200, path)
    t.equal(answer.headers.get('cache-control'), 'no-store', path)
    t.equal(answer.headers.get('access-control-allow-origin'), null, 'no page elsewhere reads it')
    const posted = await send(issuer + path, { method: 'POST' })
    t.ok(posted.status >= 400 && posted.status < 500, `POST ${posted.status}`)
  }
  t.equal((await send(`${issuer}/dev/inbox/messages`)).body, '[]')
})

async function startWith(t: Test, changes: Record<string, string>) {
  const port = await freePort()
  const config = readConfig({
    ISSUER: `http://localhost:${port}`,
    PORT: String(port),
    DATABASE_URL: 'pglite:memory',
    SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    LOG_LEVEL: 'fatal',
    ...changes,
  })
  if ('faults' in config) throw new Error(config.faults.join('\n'))
  const service = await startService(config)
  t.teardown(() => service.close())
  await service.listen()
  return config.issuer
}

void t.test('is absent when it is off, and where mail goes to a server', async (t) => {
  for (const changes of [{ INBOX: 'off' }, { SMTP_URL: 'smtp://127.0.0.1:9' }]) {
    const issuer = await startWith(t, changes)
    for (const path of ['/dev/inbox', '/dev/inbox/', '/dev/inbox/messages', '/DEV/INBOX'])
      t.equal((await send(issuer + path)).status, 404, `${JSON.stringify(changes)} ${path}`)
  }
})

void t.test('both at once, when asked for', async (t) => {
  const issuer = await startWith(t, { INBOX: 'on', SMTP_URL: 'smtp://127.0.0.1:9' })
  t.equal((await send(`${issuer}/dev/inbox/messages`)).status, 200)
})

void t.test('is refused on an issuer that others can reach', async (t) => {
  const open = {
    ISSUER: 'https://id.example.test',
    DATABASE_URL: 'postgres://u:p@db.example.test/x',
    SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    SMTP_URL: 'smtps://u:p@mail.example.test',
  }
  const plain = readConfig(open)
  t.notOk('faults' in plain)
  t.equal('mail' in plain && plain.mail.inbox, false)
  for (const INBOX of ['on', '1', 'true', 'ON', 'yes']) {
    const config = readConfig({ ...open, INBOX })
    t.match('faults' in config ? config.faults : [], [/^INBOX shows every mail/], INBOX)
  }
})
