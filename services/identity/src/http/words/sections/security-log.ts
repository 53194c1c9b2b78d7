import type { OwnEvent } from '../../../domain/security-log/events.ts'

/** The page of what happened to an account. */
export interface SecurityLogWords {
  readonly title: string
  readonly lead: string
  readonly filter: string
  readonly kinds: {
    readonly all: string
    readonly sign_in: string
    readonly change: string
  }
  readonly empty: string
  readonly newest: string
  readonly older: string
  readonly notMe: string
  readonly notMeLead: string
  readonly notMeAction: string
  readonly changed: (fields: string) => string
  readonly events: Readonly<Record<OwnEvent, string>>
}
