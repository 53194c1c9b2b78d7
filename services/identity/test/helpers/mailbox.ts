import { setTimeout as wait } from 'node:timers/promises'
import { isRecord, send } from './wire.ts'

/** A letter as the inbox of development shows it. */
export interface Letter {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The first link; empty when there is none. */
  readonly link: string
}

/** Letters to an address, newest first, optionally those with one subject; waits for as many as are expected. */
export async function lettersTo(
  issuer: string,
  to: string,
  { count, subject }: { readonly count: number; readonly subject?: string },
): Promise<Letter[]> {
  const url = `${issuer}/dev/inbox/messages?to=${encodeURIComponent(to)}`
  for (let tries = 0; ; tries += 1) {
    const list: unknown = JSON.parse((await send(url)).body)
    const letters = (Array.isArray(list) ? list : []).filter(isRecord).map(letterOf)
    const found = letters.filter((letter) => subject === undefined || letter.subject === subject)
    if (found.length >= count || tries === 200) return found
    await wait(50)
  }
}

function letterOf(mail: Record<string, unknown>): Letter {
  const links: unknown = mail['links']
  return {
    subject: String(mail['subject']),
    text: String(mail['text']),
    html: String(mail['html']),
    link: Array.isArray(links) ? String(links[0] ?? '') : '',
  }
}
