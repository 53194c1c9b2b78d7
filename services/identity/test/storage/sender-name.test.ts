import t from 'tap'
import { createOutbox } from '../../src/domain/mail/store.ts'
import { createKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openPost } from '../../src/post.ts'
import { testDatabase } from '../helpers/database.ts'
import { headerOf, startSink } from '../helpers/smtp-sink.ts'

void t.test('letters come from the service by its present name, or by the one given', async (t) => {
  const { db } = await testDatabase(t, 'pglite')
  const sink = await startSink(t)
  const ring = createKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]))
  const clock = () => new Date('2026-11-21T12:00:00Z')
  const outbox = createOutbox(db, ring, clock)
  let serviceName = 'Acme'

  /** Sends one letter with a sender of this name, and says whom it came from. */
  async function sender(name: string | undefined): Promise<string> {
    const mail = {
      smtpUrl: sink.url,
      inbox: false,
      from: { name, address: 'no-reply@id.example.test' },
    }
    const fail = (error: unknown) => t.fail(String(error))
    const config = { issuer: 'https://id.example.test', mail }
    const post = openPost(config, outbox, clock, () => serviceName, fail)
    t.teardown(async () => post.close())
    const to = { name: '', address: 'ada@example.test' }
    await outbox.queue({ to, subject: 'News', text: 'News', html: '<p>News</p>' })
    const count = sink.received.length
    await post.deliver()
    const letter = sink.received[count]
    return letter === undefined ? 'no letter' : headerOf(letter, 'from')
  }

  t.equal(await sender(undefined), 'Acme <no-reply@id.example.test>')
  serviceName = 'Guild, "R&D"'
  t.equal(await sender(undefined), '"Guild, \\"R&D\\"" <no-reply@id.example.test>')
  t.equal(await sender('Mailroom'), 'Mailroom <no-reply@id.example.test>')
  t.equal(await sender(''), 'no-reply@id.example.test')
})
