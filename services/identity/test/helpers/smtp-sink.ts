import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'
import type { Test } from 'tap'

/** A letter as it came over the wire. */
export interface Received {
  readonly from: string
  readonly to: readonly string[]
  /** Header lines and body, as sent. */
  readonly raw: string
}

export interface Sink {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  close(): Promise<void>
}

export interface SinkOptions {
  /** The port of a sink that was there before; any free one if absent. */
  readonly port?: number
  /** An SMTP answer that refuses a letter once it was read whole; undefined takes it. */
  readonly refuse?: (
    letter: Received,
  ) => { readonly code: number; readonly text: string } | undefined
  readonly delayMs?: number
}

/** A mail server on loopback that keeps what it takes, closed at the test's end. */
export async function startSink(t: Test, options: SinkOptions = {}): Promise<Sink> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const letter: Received = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        }
        const refusal = options.refuse?.(letter)
        if (refusal === undefined) received.push(letter)
        const answer =
          refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code })
        setTimeout(() => done(answer), options.delayMs ?? 0)
      })
    },
  })
  // A client that goes away in the middle is the test's own doing.
  server.on('error', () => undefined)
  const listening = server.listen(options.port ?? 0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  let closing: Promise<void> | undefined
  const close = async () =>
    (closing ??= new Promise((resolve) => {
      server.close(() => resolve())
    }))
  t.teardown(close)
  return { url: `smtp://127.0.0.1:${port}`, port, received, close }
}

/** The lines of a letter's header, unfolded (RFC 5322 §2.2.3). */
export function headerLines({ raw }: Received): string[] {
  const [header = ''] = raw.split('\r\n\r\n', 1)
  return header.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
}

/** The value of a header that is there once; throws when it is not. */
export function headerOf(letter: Received, name: string): string {
  const prefix = `${name.toLowerCase()}:`
  const found = headerLines(letter).filter((line) => line.toLowerCase().startsWith(prefix))
  if (found.length !== 1) throw new Error(`${found.length} headers ${name}`)
  return (found[0] ?? '').slice(prefix.length).trim()
}
