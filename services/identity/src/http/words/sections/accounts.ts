/** Several people at one browser: who they are, and the ways out. */
export interface AccountsWords {
  /** Heading of the people who are signed in beside the active one. */
  readonly others: string
  /** Signs one person out; the address follows for those who hear it. */
  readonly signOut: string
  readonly signOutAll: string
  /** The question when nobody is active, so that it is about all. */
  readonly askAll: string
  /** On the page after a sign-out. */
  readonly othersStay: string
}
