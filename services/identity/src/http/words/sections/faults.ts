/** The page behind an error's reference, and what it tells those who run the service on their own machine. */
export interface FaultsWords {
  readonly title: string
  readonly lead: string
  readonly next: string
  readonly unknownTitle: string
  readonly unknown: string
  readonly explanation: {
    readonly heading: string
    /** Why it is shown at all, so that nobody fears it for the public service. */
    readonly onlyHere: string
    readonly check: string
    readonly request: string
    readonly application: string
    readonly change: string
    readonly copyChange: string
  }
}
