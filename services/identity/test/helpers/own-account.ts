import { Browser, type Person, fieldOf, stepOf } from './browser.ts'
import { Provider } from './provider.ts'
import { type Mail, registering } from './registering.ts'
import { RelyingParty } from './relying-party.ts'
import { type Answer, describe } from './wire.ts'
import { judge } from './world.ts'

/** Nobody but the test that made them, since mailboxes and people have budgets. */
export function crowd(
  size: number,
  name = 'person',
): { people: readonly Person[]; somebody: () => Person } {
  const people = Array.from({ length: size }, (_, n) => ({
    email: `${name}-${n}@example.test`,
    password: `an old pass phrase number ${n}`,
    email_verified: true,
  }))
  const left = [...people]
  return {
    people,
    somebody() {
      const person = left.shift()
      if (person === undefined) throw new Error('nobody left: make more people')
      return person
    },
  }
}

/** People at one service who look after their accounts, and their mailboxes. */
export function ownAccount(issuer: string, origin = issuer) {
  const box = registering({ issuer: origin })
  /** Newest first, but for what every sign-in on a new device causes. */
  const mailsTo = async (to: string): Promise<Mail[]> =>
    (await box.mailsTo(to)).filter(({ subject }) => !subject.startsWith('New sign-in'))
  const visitor = () => new Browser(issuer, origin)
  const rp = new RelyingParty(new Provider(issuer, origin), judge)
  let addresses = 0

  async function signIn(person: Person, browser = visitor()): Promise<Browser> {
    const landed = await browser.signIn(
      await browser.open(`${issuer}/login?next=%2Faccount`),
      person,
    )
    if (landed.status !== 200 || stepOf(landed) === 'login')
      throw new Error(`${person.email} is not signed in: ${describe(landed)}`)
    return browser
  }

  return {
    rp,
    visitor,
    signIn,
    mailsTo,
    newAddress: () => `moved-${(addresses += 1)}@elsewhere.example.test`,
    open: async (browser: Browser, path: string) => browser.open(`${issuer}${path}`),
    /** The newest mail whose subject says so; throws when there is none. */
    async mail(to: string, subject: RegExp): Promise<Mail> {
      const found = (await mailsTo(to)).find((mail) => subject.test(mail.subject))
      if (found === undefined) throw new Error(`no mail to ${to} says ${subject.source}`)
      return found
    },
    /** Presses the button of a page whose form has no field of its own. */
    press: async (browser: Browser, page: Answer): Promise<Answer> =>
      browser.follow(await browser.post(page.url, { csrf: fieldOf(page, 'csrf') })),
    async askForAddress(browser: Browser, email: string): Promise<Answer> {
      return browser.submit(await browser.open(`${issuer}/account/email`), { email })
    },
    async signsIn(person: Person): Promise<boolean> {
      const browser = visitor()
      const landed = await browser.signIn(await browser.open(`${issuer}/login`), person)
      return landed.status === 200 && stepOf(landed) !== 'login'
    },
    async isSignedIn(browser: Browser): Promise<boolean> {
      return stepOf(await browser.open(`${issuer}/account`)) !== 'login'
    },
  }
}
