/** Second factors taken away by an operator, on the person's request. */
export interface FactorsResetWords {
  readonly mails: {
    readonly subject: string
    readonly intro: (when: string) => string
    readonly effect: string
    readonly passkeysStay: string
    readonly action: string
    readonly notYou: string
  }
}
