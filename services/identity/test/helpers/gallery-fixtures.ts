import type { VNode } from 'preact'
import type { SignedIn } from '../../src/domain/sessions/session.ts'
import { ACCOUNT_STYLE, accountFrame } from '../../src/http/account-page.tsx'
import type { Look } from '../../src/http/look/look.ts'
import type { AppIdentity } from '../../src/http/parts/app-identity.ts'
import type { AccountSection } from '../../src/http/words/sections/account.ts'
import type { Words } from '../../src/http/words/words.ts'

/** One state of one page, before it is put into a document. */
export interface State {
  readonly name: string
  readonly title: string
  readonly body: VNode
  readonly app?: AppIdentity | undefined
  readonly error?: boolean | undefined
  readonly style?: string | undefined
  /** Where they are not those of the language itself. */
  readonly words?: Words
  readonly look?: Look
  readonly frame?: ((body: VNode) => VNode) | undefined
}

export const csrf = 'csrf-token'
export const logoUri = 'https://notes.example/logo.svg'
export const notes: AppIdentity = {
  name: 'Notes',
  logoUri,
  clientUri: 'https://notes.example/',
  policyUri: 'https://notes.example/privacy',
  tosUri: 'https://notes.example/terms',
}
export const bare: AppIdentity = {
  name: 'Quarterly Planning & Forecasting for the Northern Region',
}
/** A name of the other direction than the page around it, and one that ends in a mark. */
export const arabicName: AppIdentity = { name: 'مذكرات (2)' }
export const ada = { sessionId: 'ada', name: 'Ada Lovelace', email: 'ada@example.test' }
export const long = {
  sessionId: 'long',
  email: 'a.very.long.address.without.any.break@department.example.test',
}
/** What an attacker would register as a client, or type as a name. */
export const hostileText = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
export const hostileApp: AppIdentity = {
  name: hostileText,
  logoUri: 'javascript:alert(1)',
  clientUri: 'data:text/html,<script>alert(1)</script>',
  policyUri: 'javascript:alert(1)',
  tosUri: 'http://notes.example/terms',
}

/** A time before the one that all pages of the gallery are looked at. */
export const at = (minutesAgo: number) =>
  new Date(Date.UTC(2026, 10, 21, 14, 3) - minutesAgo * 60_000)

export function signedInAs(person: { readonly email: string; readonly name?: string }): SignedIn {
  const { email, name } = person
  const times = { authTime: at(10), lastSeenAt: at(0), expiresAt: at(-90_000) }
  return {
    session: { id: 'here', tokenHash: '', userId: 'ada', amr: ['pwd'], acr: 'aal1', ...times },
    account: {
      id: 'ada',
      email,
      emailVerified: true,
      claims: { name },
      roles: [],
      updatedAt: at(0),
    },
  }
}

/** What puts a state into the frame of an account page. */
export function inRoom(words: Words, section: AccountSection, person = signedInAs(ada)) {
  const frame = (body: VNode) => accountFrame({ words, section, signedIn: person, csrf, body })
  return { style: ACCOUNT_STYLE, frame }
}

/** Whose page a state of an account page is: that of an attacker, where its name says so. */
export const ownerOf = (stateName: string): SignedIn =>
  signedInAs(stateName.endsWith('-hostile') ? { email: hostileText, name: hostileText } : ada)
