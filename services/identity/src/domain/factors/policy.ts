import type { Settings } from '../settings/settings.ts'
import { AAL2 } from '../oauth/acr.ts'
import type { Factors } from './store.ts'

/** What the operator asks of a person beside the first proof. */
export interface FactorPolicy {
  readonly required: boolean
  /** Until then, whoever must have a second factor and has none is let in and told. */
  readonly graceUntil: Date | undefined
}

/** What the settings ask of a person with these roles. */
export function factorPolicy(
  { mfa, mfa_roles, mfa_grace_until }: Settings,
  roles: readonly string[],
): FactorPolicy {
  const required =
    mfa === 'required' || (mfa === 'by_role' && roles.some((role) => mfa_roles.includes(role)))
  const graceUntil = mfa_grace_until === undefined ? undefined : new Date(mfa_grace_until)
  return { required, graceUntil }
}

export type AfterFirstProof =
  /** The proof is enough: a session of that strength. */
  | { readonly kind: 'start'; readonly enrolBy: Date | undefined }
  /** No session before a second factor was shown. */
  | { readonly kind: 'challenge' }
  /** No session before a second factor exists. */
  | { readonly kind: 'enrol' }

export interface FirstProof {
  readonly acr: string
  /** The person trusts this browser: they need not show their second factor here, but still must have one. */
  readonly trusted: boolean
}

/** Whether the person has a second factor. Recovery codes alone are none: they only replace one that was lost. */
export function hasSecondFactor({ authenticators, passkeys }: Factors): boolean {
  return authenticators + passkeys > 0
}

/** Decides what follows a first proof. Pure; every path to a session asks it. */
export function afterFirstProof(
  { acr, trusted }: FirstProof,
  factors: Factors,
  { required, graceUntil }: FactorPolicy,
  now: Date,
): AfterFirstProof {
  if (acr === AAL2) return { kind: 'start', enrolBy: undefined }
  if (hasSecondFactor(factors))
    return trusted ? { kind: 'start', enrolBy: undefined } : { kind: 'challenge' }
  if (!required) return { kind: 'start', enrolBy: undefined }
  const inGrace = graceUntil !== undefined && now < graceUntil
  return inGrace ? { kind: 'start', enrolBy: graceUntil } : { kind: 'enrol' }
}
