/** The application a person is signing in to, as its registration presents it (OIDC Registration 1.0 §2). */
export interface AppIdentity {
  readonly name: string
  readonly logoUri?: string | undefined
  readonly clientUri?: string | undefined
  readonly policyUri?: string | undefined
  readonly tosUri?: string | undefined
}
