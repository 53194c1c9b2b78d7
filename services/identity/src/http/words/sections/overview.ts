import type { Phrase } from '../phrase.ts'

/** The first page of an account. */
export interface OverviewWords {
  readonly greeting: Phrase
  readonly editProfile: string
  readonly signIn: string
  readonly verified: string
  readonly unverified: string
  readonly passwordChanged: (when: string) => string
  readonly noPassword: string
  readonly access: string
  readonly devices: string
  readonly apps: string
  readonly appsNone: string
  readonly activity: string
  readonly wholeLog: string
  /** Names of the links, for those who hear them without the line. */
  readonly change: string
  readonly show: string
}
