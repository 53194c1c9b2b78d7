/** What is said where somebody chooses a password. */
export interface PasswordWords {
  readonly hint: (minimum: number) => string
  readonly faults: {
    readonly missing: string
    readonly short: (lacking: number) => string
    readonly long: (maximum: number) => string
    readonly common: string
    readonly pattern: string
    readonly personal: string
  }
  /** Said by script while it is typed; `{count}` becomes a number. */
  readonly strength: {
    readonly short: string
    readonly weak: string
    readonly good: string
    readonly strong: string
  }
}
