/** Signing in with an account at another service. */
export interface UpstreamWords {
  readonly signIn: (provider: string) => string
  /** The word between the two ways to sign in. */
  readonly or: string
  readonly lastUsed: string
  readonly proveFirst: (provider: string) => string
  readonly tryAgain: string
  readonly otherWays: string
  readonly problems: Readonly<Record<UpstreamProblem, UpstreamProblemWords>>
  readonly address: {
    readonly title: string
    readonly lead: (provider: string) => string
  }
  readonly code: {
    readonly title: string
    readonly lead: (email: string) => string
    readonly sent: string
    readonly resend: string
    readonly wrong: string
    readonly expired: string
  }
  readonly connections: {
    readonly title: string
    readonly lead: string
    readonly empty: string
    readonly available: string
    readonly connect: (provider: string) => string
    readonly disconnect: string
    readonly disconnectOf: (provider: string) => string
    readonly since: (when: string) => string
    readonly lastUsed: (when: string) => string
    readonly last: string
    readonly done: {
      readonly connected: string
      readonly already: string
      readonly disconnected: string
    }
    readonly taken: string
    readonly confirmTitle: (provider: string) => string
    readonly confirmLead: (provider: string) => string
    readonly confirm: string
    readonly notNow: string
  }
  readonly mails: {
    readonly code: {
      readonly subject: string
      readonly intro: (provider: string) => string
      readonly code: string
      readonly notYou: string
    }
    readonly linked: {
      readonly subject: (provider: string) => string
      readonly intro: (when: string) => string
    }
    readonly unlinked: {
      readonly subject: (provider: string) => string
      readonly intro: (when: string) => string
    }
  }
}

/** Why somebody who comes from a provider gets no further. */
export type UpstreamProblem =
  | 'cancelled'
  | 'refused'
  | 'unreachable'
  | 'failed'
  | 'other_domain'
  | 'disabled'
  | 'closed'
  | 'invited'
  | 'expired'

export interface UpstreamProblemWords {
  readonly title: (provider: string) => string
  readonly lead: (provider: string) => string
}
