import { Browser } from './browser.ts'
import type { Identity } from './identity.ts'
import { Provider } from './provider.ts'
import { RelyingParty } from './relying-party.ts'
import { type Answer, isRecord } from './wire.ts'
import { judge } from './world.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  /** The first one-time code of the mail; empty when it has none. */
  readonly code: string
  readonly link: string
}

export const password = 'a long enough pass phrase 42'

/** People who register at one service, and their mailboxes. */
export function registering(identity: Pick<Identity, 'issuer'>) {
  let people = 0

  async function mailsTo(to: string): Promise<Mail[]> {
    const url = `${identity.issuer}/dev/inbox/messages?to=${encodeURIComponent(to)}`
    const list: unknown = await (await fetch(url)).json()
    const first = (value: unknown) => (Array.isArray(value) ? String(value[0] ?? '') : '')
    return (Array.isArray(list) ? list : []).filter(isRecord).map((mail) => ({
      subject: String(mail['subject']),
      text: String(mail['text']),
      code: first(mail['codes']),
      link: first(mail['links']),
    }))
  }

  return {
    newBrowser: () => new Browser(identity.issuer),
    newEmail: () => `new-${(people += 1)}@example.test`,
    mailsTo,
    /** The newest mail; throws when there is none. */
    async mailTo(to: string): Promise<Mail> {
      const [mail] = await mailsTo(to)
      if (mail === undefined) throw new Error(`no mail to ${to}`)
      return mail
    },
    /** Fills in the registration page and stays on the page that waits for the code. */
    async register(browser: Browser, email: string, path = '/register'): Promise<Answer> {
      const form = await browser.open(`${identity.issuer}${path}`)
      return browser.submit(form, { name: 'Grace Hopper', email, password })
    },
    async signsIn(email: string, secret = password): Promise<boolean> {
      const rp = new RelyingParty(new Provider(identity.issuer), judge)
      const person = { email, password: secret }
      const browser = new Browser(identity.issuer)
      const landing = await browser.authorize((await rp.request()).url, { person })
      return landing.callback?.params.has('code') ?? false
    },
    async isSignedIn(browser: Browser): Promise<boolean> {
      const home = await browser.open(`${identity.issuer}/`)
      return home.body.includes('id="sign-out"')
    },
  }
}

export const pathOf = (answer: Answer): string => new URL(answer.url).pathname
