import type { VNode } from 'preact'
import type { Look } from '../../src/http/look/look.ts'
import type { AppIdentity } from '../../src/http/page.tsx'
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
