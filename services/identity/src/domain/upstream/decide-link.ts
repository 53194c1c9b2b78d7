/** The account of this service that somebody's identity elsewhere is to be connected with. */
export interface LocalAccount {
  readonly userId: string
  readonly emailVerified: boolean
  readonly standing: 'active' | 'disabled' | 'leaving'
}

/** All that the decision looks at. */
export interface LinkQuestion {
  /** Whose identity it is already, by issuer and subject. */
  readonly linked: LocalAccount | undefined
  /** Who has the address that the provider tells. */
  readonly local: LocalAccount | undefined
  /** What is known of the mailbox: the provider answers for it, we have asked it ourselves, or neither. */
  readonly mailbox: 'authoritative' | 'proved' | 'unproved' | 'missing'
  /** Whether strangers may have an account. */
  readonly signUp: 'open' | 'invited' | 'closed'
  readonly link: 'proof' | 'auto'
}

export type LinkDecision =
  | { readonly kind: 'sign_in'; readonly userId: string }
  | { readonly kind: 'create' }
  /** Ask the mailbox first, with a code of our own. */
  | { readonly kind: 'prove_mailbox' }
  /** Ask for an address, since the provider told none. */
  | { readonly kind: 'ask_address' }
  /** The account is theirs if they can sign in to it as before. */
  | { readonly kind: 'prove_account'; readonly userId: string }
  | { readonly kind: 'link'; readonly userId: string }
  /** Nobody has ever proved the address of that account: what is in it may be somebody's who waits for its owner. */
  | { readonly kind: 'wipe_and_link'; readonly userId: string }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'leaving'; readonly userId: string }
  | { readonly kind: 'sign_up_closed'; readonly signUp: 'invited' | 'closed' }

/**
 * What follows when somebody comes from a provider (docs/decisions/0024). The rule against accounts prepared for their
 * victims (Sudhodanan and Paverd 2022, "pre-hijacking"): two sides are merged only when both have been proved.
 */
export function decideLink(question: LinkQuestion): LinkDecision {
  const { linked, local, mailbox, signUp, link } = question
  if (linked !== undefined) return enter(linked)
  // Whoever has not shown that the mailbox is theirs does not learn whether it has an account.
  if (mailbox === 'missing') return { kind: 'ask_address' }
  if (mailbox === 'unproved') return { kind: 'prove_mailbox' }
  if (local === undefined)
    return signUp === 'open' ? { kind: 'create' } : { kind: 'sign_up_closed', signUp }
  if (local.emailVerified && (mailbox !== 'authoritative' || link === 'proof'))
    return { kind: 'prove_account', userId: local.userId }
  if (local.standing === 'disabled') return { kind: 'disabled' }
  // What is about to go is not given to anybody; its owner can keep it by signing in as before.
  if (local.standing === 'leaving') return { kind: 'prove_account', userId: local.userId }
  return { kind: local.emailVerified ? 'link' : 'wipe_and_link', userId: local.userId }
}

function enter({ userId, standing }: LocalAccount): LinkDecision {
  if (standing === 'disabled') return { kind: 'disabled' }
  return standing === 'leaving' ? { kind: 'leaving', userId } : { kind: 'sign_in', userId }
}
