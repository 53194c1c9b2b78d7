/** What frames every account page. */
export interface AccountWords {
  readonly title: string
  readonly skip: string
  readonly signOut: string
  readonly sections: Readonly<Record<AccountSection, string>>
}

/** The account pages that the navigation lists. */
export type AccountSection =
  | 'overview'
  | 'profile'
  | 'email'
  | 'password'
  | 'twoStep'
  | 'passkeys'
  | 'connections'
  | 'sessions'
  | 'apps'
  | 'securityLog'
  | 'data'
