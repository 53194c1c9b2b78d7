/** One factor. */
export const AAL1 = 'aal1'
/** A second factor in the same sign-in, or one that is two in itself. */
export const AAL2 = 'aal2'
/** What a sign-in can be worth, the least first: the values of `acr` (OIDC Core 1.0 §2). */
export const SUPPORTED_ACR = [AAL1, AAL2] as const
export type Acr = (typeof SUPPORTED_ACR)[number]

/** Whether a sign-in is worth as much as is asked for. */
export function reaches(acr: string, wanted: Acr): boolean {
  return wanted === AAL1 || acr === AAL2
}
