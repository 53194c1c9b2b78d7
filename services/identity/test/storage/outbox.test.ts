// Mail that is written with a change, and sent once when a mail server takes it.
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { backOffSeconds, deliver } from '../../src/domain/mail/delivery.ts'
import type { LetterContent } from '../../src/domain/mail/letter.ts'
import { createOutbox } from '../../src/domain/mail/store.ts'
import { parseEmail } from '../../src/domain/users/email.ts'
import { createKeyRing, type KeyRing } from '../../src/platform/crypto/key-ring.ts'
import { type Database, openDatabase } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import type { Letter, Mailer } from '../../src/platform/mail/mailer.ts'
import { smtpMailer } from '../../src/platform/mail/smtp.ts'
import { kinds, postgresUrl, testDatabase, withoutPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/identity.ts'
import { headerLines, headerOf, startSink } from '../helpers/smtp-sink.ts'

t.setTimeout(120_000)

const noPostgres = await withoutPostgres()
const from = { name: 'Signet', address: 'no-reply@signet.example.test' }
const ringOf = (...ids: string[]) =>
  createKeyRing(new Map(ids.map((id) => [id, Buffer.alloc(32, id)] as const)))

const link = 'https://id.example.test/reset-password?token=k1.SecretTokenOfTheLink'
const letterTo = (address: string, changes: Partial<LetterContent> = {}): LetterContent => ({
  to: { name: 'Ada', address },
  subject: 'Choose a new password',
  text: `Follow the link:\n\n${link}\n\n    481516\n`,
  html: `<p><a href="${link}">Go</a></p>`,
  ...changes,
})

/** An outbox on a clock of its own, with a worker whose mailer the test chooses. */
function office(database: Database, ring: KeyRing = ringOf('k1')) {
  let nowMs = Date.parse('2026-11-21T12:00:00Z')
  const clock = () => new Date(nowMs)
  const outbox = createOutbox(database.db, ring, clock)
  const faults: string[] = []
  return {
    outbox,
    clock,
    faults,
    advance(seconds: number) {
      nowMs += seconds * 1000
    },
    async queue(...letters: LetterContent[]) {
      for (const letter of letters) {
        await outbox.queue(letter)
        // Ids are in the order of time, and random within a millisecond.
        nowMs += 1
      }
    },
    deliver: async (mailer: Mailer, store = outbox) =>
      deliver({
        outbox: store,
        mailer,
        clock,
        host: 'id.example.test',
        onFault: (error) => faults.push(String(error)),
      }),
  }
}

/** A mailer that keeps what it takes, and refuses while `down` says so. */
function memoryMailer(down: (letter: Letter) => boolean = () => false) {
  const tried: Letter[] = []
  const taken: Letter[] = []
  const mailer: Mailer = async (letter) => {
    tried.push(letter)
    if (down(letter)) throw new Error('421 not now')
    taken.push(letter)
  }
  return { mailer, tried, taken }
}

function openSmtp(t: Test, url: string) {
  const mailer = smtpMailer({ url, from: () => from })
  t.teardown(() => mailer.close())
  return mailer
}

const recipients = (letters: readonly { readonly to: readonly string[] }[]) =>
  letters.flatMap(({ to }) => to).toSorted()

const dumpOf = async ({ db }: Database) =>
  JSON.stringify(rowsOf(await db.execute(sql`select * from outbox`)))

for (const kind of kinds) {
  const skip = kind === 'postgres' && noPostgres
  void t.test(`on ${kind}`, { skip }, async (t) => {
    const database = await testDatabase(t, kind)
    /** The one database of these tests, without letters. */
    async function fresh() {
      await database.db.execute(sql`delete from outbox`)
      return database
    }

    await t.test('SMTP down for ten letters, then up: ten mails, none twice', async (t) => {
      const { queue, deliver, advance, faults } = office(await fresh())
      const port = await freePort()
      const mailer = openSmtp(t, `smtp://127.0.0.1:${port}`)
      const people = Array.from({ length: 10 }, (_, n) => `person-${n}@example.test`)
      for (const person of people) {
        await queue(letterTo(person))
        await deliver(mailer)
      }
      advance(10)
      await deliver(mailer)
      t.equal(faults.length, 20, 'each was tried twice in vain')
      const sink = await startSink(t, { port })
      await deliver(mailer)
      t.same(sink.received, [], 'not before its time')
      for (let round = 0; round < 4; round += 1) {
        advance(20)
        await deliver(mailer)
      }
      t.same(recipients(sink.received), people)
      t.equal(faults.length, 20)
      advance(86_000)
      await deliver(mailer)
      t.equal(sink.received.length, 10, 'and none is sent again a day later')
    })

    await t.test('a letter of a change that did not happen is never sent', async (t) => {
      await fresh()
      const { deliver, clock } = office(database)
      const { mailer, taken } = memoryMailer()
      const undone = database.db.transaction(async (tx) => {
        await createOutbox(tx, ringOf('k1'), clock).queue(letterTo('ada@example.test'))
        throw new Error('the change failed')
      })
      await t.rejects(undone, /the change failed/)
      await deliver(mailer)
      t.same(taken, [])
      await database.db.transaction(async (tx) =>
        createOutbox(tx, ringOf('k1'), clock).queue(letterTo('ada@example.test')),
      )
      await deliver(mailer)
      t.equal(taken.length, 1, 'one of a change that did is')
    })

    await t.test('tries again later and later, under one message id', async (t) => {
      const { queue, deliver, advance } = office(await fresh())
      const { mailer, tried } = memoryMailer(() => true)
      await queue(letterTo('ada@example.test'))
      const waits: number[] = []
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        await deliver(mailer)
        t.equal(tried.length, attempt)
        const seconds = backOffSeconds(attempt)
        advance(seconds - 0.001)
        await deliver(mailer)
        t.equal(tried.length, attempt, `not a moment before ${seconds} s`)
        advance(0.001)
        waits.push(seconds)
      }
      t.same(waits, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600])
      t.equal(new Set(tried.map(({ messageId }) => messageId)).size, 1)
      t.match(tried[0]?.messageId, /^<[0-9a-f-]{36}@id\.example\.test>$/)
    })

    await t.test('one that is refused keeps no other from going', async (t) => {
      const { queue, deliver, advance } = office(await fresh())
      const refuse = memoryMailer(({ to }) => to.address.startsWith('refused'))
      const people = Array.from({ length: 25 }, (_, n) =>
        n % 5 === 0 ? `refused-${n}@example.test` : `person-${n}@example.test`,
      )
      await queue(...people.map((person) => letterTo(person)))
      await deliver(refuse.mailer)
      t.equal(refuse.taken.length, 20, 'all of three batches')
      advance(10)
      const { mailer, taken } = memoryMailer()
      await deliver(mailer)
      t.equal(taken.length, 5, 'the refused ones when their time comes')
    })

    await t.test('a worker that dies in the middle loses nothing', async (t) => {
      const { queue, deliver, advance, outbox } = office(await fresh())
      const { mailer, taken } = memoryMailer()
      await queue(letterTo('ada@example.test'))
      t.ok(await outbox.claim(), 'taken by one that is never heard of again')
      advance(59.999)
      await deliver(mailer)
      t.equal(taken.length, 0, 'until its time is over, the letter is its own')
      advance(0.001)
      await deliver(mailer)
      t.equal(taken.length, 1)
    })

    await t.test(
      'refused after DATA, it is tried again; a dropped line ends nothing',
      async (t) => {
        const { queue, deliver, advance, faults } = office(await fresh())
        const answers = [
          { code: 451, text: 'try again later' },
          { code: 550, text: 'no such person' },
        ]
        const sink = await startSink(t, { refuse: () => answers.shift() })
        const mailer = openSmtp(t, sink.url)
        await queue(letterTo('ada@example.test'))
        for (const seconds of [0, 10, 20]) {
          advance(seconds)
          await deliver(mailer)
        }
        t.equal(faults.length, 2)
        t.same(recipients(sink.received), ['ada@example.test'])
        await sink.close()
        const again = await startSink(t, { port: sink.port })
        await queue(letterTo('bob@example.test'))
        for (const seconds of [0, 10, 20]) {
          advance(seconds)
          await deliver(mailer)
        }
        t.same(recipients(again.received), ['bob@example.test'], 'over a line of its own')
      },
    )

    await t.test('nothing of a letter can be read in a dump of the table', async (t) => {
      await fresh()
      const { queue, deliver } = office(database)
      const { mailer, taken } = memoryMailer(({ to }) => to.address.startsWith('bob'))
      await queue(letterTo('ada@example.test'), letterTo('bob@example.test'))
      const readable = /SecretTokenOfTheLink|reset-password|481516|Choose|ada@|bob@|example\.test/
      t.match(JSON.stringify(letterTo('ada@example.test')), readable, 'the check is awake')
      t.notMatch(await dumpOf(database), readable, 'while it waits')
      await deliver(mailer)
      t.equal(taken[0]?.text, letterTo('').text, 'it arrives whole')
      const dump = await dumpOf(database)
      t.notMatch(dump, readable, 'after it was sent, or refused')
      t.match(dump, /last_fault[^,]*Error/, 'the fault is there for operators, by its kind')
      t.notMatch(dump, /not now/, 'in words a server may repeat a link')
    })

    await t.test('a sealed letter opens in its own row only', async (t) => {
      await fresh()
      const { queue, outbox } = office(database)
      await queue(letterTo('ada@example.test'), letterTo('bob@example.test'))
      await database.db.execute(sql`
        update outbox set sealed = (select sealed from outbox order by id limit 1)
        where id = (select id from outbox order by id desc limit 1)`)
      const claims = [await outbox.claim(), await outbox.claim(), await outbox.claim()]
      t.match(claims[0], { letter: { to: { address: 'ada@example.test' } } })
      t.ok(
        claims[1] !== undefined && 'unreadable' in claims[1],
        'moved to another row it is nobody’s',
      )
      t.equal(claims[2], undefined)
    })

    await t.test('a letter whose key left the ring stays behind, and stops nobody', async (t) => {
      await fresh()
      const old = office(database, ringOf('k0'))
      const lost = Array.from({ length: 12 }, (_, n) => letterTo(`lost-${n}@example.test`))
      await old.queue(...lost)
      const { outbox, queue, deliver, advance } = office(database, ringOf('k1'))
      await queue(letterTo('ada@example.test'))
      const { mailer, taken } = memoryMailer()
      // A round ends at a batch that is not full; the next one follows after two seconds.
      for (let round = 0; round < 2; round += 1) await deliver(mailer)
      t.same(
        taken.map(({ to }) => to.address),
        ['ada@example.test'],
      )
      t.same(
        (await outbox.latest(50)).map(({ to }) => to.address),
        ['ada@example.test'],
        'the inbox leaves it out',
      )
      advance(60)
      const both = createOutbox(
        database.db,
        ringOf('k1', 'k0'),
        () => new Date('2026-11-21T15:00Z'),
      )
      for (let round = 0; round < 2; round += 1) await deliver(mailer, both)
      t.equal(taken.length, 13, 'with the key back in the ring all of them go')
    })

    await t.test(
      'what was sent is forgotten after a day, what never could be after three',
      async (t) => {
        await fresh()
        const { queue, deliver, advance, outbox, clock } = office(database)
        const { mailer } = memoryMailer(({ to }) => to.address.startsWith('never'))
        await queue(letterTo('ada@example.test'), letterTo('never@example.test'))
        await deliver(mailer)
        const left = async () => {
          await outbox.deleteOld(clock())
          return (await outbox.latest(10)).map(({ to }) => to.address)
        }
        t.same(await left(), ['never@example.test', 'ada@example.test'])
        advance(86_401)
        t.same(await left(), ['never@example.test'])
        advance(2 * 86_400)
        t.same(await left(), [])
      },
    )
  })
}

void t.test(
  'workers of two processes never send one letter twice',
  { skip: noPostgres },
  async (t) => {
    const url = await postgresUrl(t)
    const databases = await Promise.all([1, 2].map(async () => openDatabase(url)))
    t.teardown(async () => Promise.all(databases.map(async (database) => database.close())))
    const offices = databases.map((database) => office(database))
    const [first] = offices
    if (first === undefined) return
    const people = Array.from({ length: 80 }, (_, n) => `person-${n}@example.test`)
    await first.queue(...people.map((person) => letterTo(person)))
    const sink = await startSink(t, { delayMs: 2 })
    const mailers = offices.map(() => openSmtp(t, sink.url))
    await Promise.all(
      offices.flatMap(({ deliver }, n) =>
        mailers
          .slice(n, n + 1)
          .flatMap((mailer) => [deliver(mailer), deliver(mailer), deliver(mailer)]),
      ),
    )
    t.same(recipients(sink.received), people.toSorted())
  },
)

void t.test(
  'of many that claim at once, each letter is one worker’s',
  { skip: noPostgres },
  async (t) => {
    const { queue, outbox } = office(await testDatabase(t, 'postgres'))
    await queue(...Array.from({ length: 40 }, (_, n) => letterTo(`person-${n}@example.test`)))
    const claims = await Promise.all(Array.from({ length: 12 }, async () => outbox.claim()))
    const ids = claims.map((claim) =>
      claim !== undefined && 'letter' in claim ? claim.letter.id : '',
    )
    t.equal(new Set(ids).size, 12)
    t.notOk(ids.includes(''))
  },
)

const hostileNames = [
  'Ada\r\nBcc: eve@evil.test',
  'Ada\nBcc: eve@evil.test',
  'Ada\rBcc: eve@evil.test',
  'Ada" <eve@evil.test>, "Bob',
  'eve@evil.test, Ada',
  'Ada\r\n\r\n<script>alert(1)</script>',
  'Ada\u0000\u2028Bcc: eve@evil.test',
]
const hostileSubjects = [
  'Hello\r\nBcc: eve@evil.test',
  'Hello\nTo: eve@evil.test',
  'Hello\r\n\r\nAnother body',
  '=?utf-8?q?Hello=0D=0ABcc:_eve@evil.test?=',
]
const hostileBodies = [
  'a\r\n.\r\nMAIL FROM:<eve@evil.test>\r\nRCPT TO:<eve@evil.test>\r\nDATA\r\nb',
  'a\n.\nMAIL FROM:<eve@evil.test>\nRCPT TO:<eve@evil.test>\nDATA\nb',
  'a\r.\rQUIT\r',
]

void t.test('on the wire', async (t) => {
  const sink = await startSink(t)
  const mailer = openSmtp(t, sink.url)
  const send = async (changes: Partial<Letter>) => {
    sink.received.length = 0
    const letter = { ...letterTo('ada@example.test'), messageId: '<1@id.example.test>', ...changes }
    await mailer(letter)
    return sink.received
  }

  await t.test('one letter, one person, text and HTML, nothing that tracks', async (t) => {
    const [letter, ...others] = await send({})
    if (letter === undefined) throw new Error('nothing came')
    t.same(others, [])
    t.same(letter.to, ['ada@example.test'])
    t.equal(letter.from, from.address)
    t.equal(headerOf(letter, 'From'), `${from.name} <${from.address}>`)
    t.equal(headerOf(letter, 'To'), 'Ada <ada@example.test>')
    t.equal(headerOf(letter, 'Message-ID'), '<1@id.example.test>')
    t.match(headerOf(letter, 'Content-Type'), /^multipart\/alternative/)
    t.match(letter.raw, /text\/plain/)
    t.match(letter.raw, /text\/html/)
    t.notMatch(
      headerLines(letter).join('\n'),
      /^(?:bcc|cc|x-mailer|disposition-notification-to):/im,
    )
  })

  for (const [what, texts, change] of [
    ['name', hostileNames, (name: string) => ({ to: { name, address: 'ada@example.test' } })],
    ['subject', hostileSubjects, (subject: string) => ({ subject })],
    ['body', hostileBodies, (text: string) => ({ text })],
  ] as const)
    for (const text of texts)
      await t.test(
        `no second recipient and no header by a ${what}: ${encodeURI(text)}`,
        async (t) => {
          const received = await send(change(text))
          t.equal(received.length, 1)
          t.same(recipients(received), ['ada@example.test'])
          for (const letter of received) {
            t.equal(
              headerOf(letter, 'To')
                .match(/<[^>]*>/g)
                ?.at(-1),
              '<ada@example.test>',
            )
            const names = headerLines(letter).map((line) => line.replace(/:.*$/s, '').toLowerCase())
            t.same(
              names.toSorted(),
              ['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'],
              'the header has its own lines and no other',
            )
          }
        },
      )

  for (const address of [
    'ada@example.test\r\nBcc: eve@evil.test',
    'ada@example.test\r\nRCPT TO:<eve@evil.test>',
    'ada@example.test, eve@evil.test',
    'ada@example.test> <eve@evil.test',
    'ada@example.test>\r\nRCPT TO:<eve@evil.test',
    '"ada@example.test, eve@evil.test"@evil.test',
    'eve@evil.test (ada@example.test)',
    'Ada <eve@evil.test>',
    'group: eve@evil.test, ada@example.test;',
  ])
    await t.test(`an address that is not one mailbox: ${encodeURI(address)}`, async (t) => {
      t.equal(parseEmail(address), undefined, 'the grammar refuses it')
      // Were it to get past the grammar, the mailer must not send it to a second person.
      const received = await send({ to: { name: 'Ada', address } }).catch(() => [])
      t.ok(received.length <= 1)
      t.ok(recipients(received).length <= 1)
      t.notMatch(recipients(received), ['eve@evil.test'])
    })
})
