/** What a letter says; where it comes from and how it travels is the mailer's. */
export interface LetterContent {
  readonly to: { readonly name: string; readonly address: string }
  readonly subject: string
  readonly text: string
  readonly html: string
}
