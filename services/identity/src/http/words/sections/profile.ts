import type { ProfileField } from '../../../domain/users/parse-profile.ts'
import type { ProfileFault } from '../../../domain/users/profile-values.ts'
import type { Phrase } from '../phrase.ts'

/** The page of the standard claims that are the person's own. */
export interface ProfileWords {
  readonly title: string
  readonly lead: string
  readonly groups: {
    readonly about: string
    readonly links: string
    readonly places: string
    readonly address: string
  }
  readonly fields: Readonly<Record<ProfileField, string>>
  /** Around an example, which is the same in every language. */
  readonly hints: {
    readonly birthdate: Phrase
    readonly picture: string
    readonly locale: Phrase
    readonly zoneinfo: Phrase
    readonly phone_number: Phrase
  }
  readonly problems: Readonly<Record<ProfileFault, string>>
  readonly submit: string
  readonly saved: string
  /** Said in place of the button when the last proof is too old. */
  readonly confirm: string
  readonly confirmAction: string
}
