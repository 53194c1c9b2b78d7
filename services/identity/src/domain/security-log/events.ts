import type { AuditEvent } from '../audit/event.ts'

/** Kinds that a person can look through by themselves. */
export type LogKind = 'sign_in' | 'change'

/** The events that a person is shown of the own account; all others are of no use to them, or speak of others. */
export const OWN_EVENTS = {
  sign_in_succeeded: 'sign_in',
  sign_in_failed: 'sign_in',
  sign_in_stepped_up: 'sign_in',
  second_factor_failed: 'sign_in',
  second_factor_throttled: 'sign_in',
  recovery_code_used: 'sign_in',
  device_trusted: 'sign_in',
  device_trust_ended: 'sign_in',
  session_ended: 'sign_in',
  user_registered: 'change',
  profile_changed: 'change',
  email_change_asked: 'change',
  email_change_cancelled: 'change',
  email_changed: 'change',
  password_changed: 'change',
  password_change_refused: 'change',
  password_reset_asked: 'change',
  password_reset: 'change',
  authenticator_added: 'change',
  authenticator_replaced: 'change',
  authenticator_renamed: 'change',
  authenticator_removed: 'change',
  recovery_codes_made: 'change',
  factors_reset: 'change',
  passkey_added: 'change',
  passkey_removed: 'change',
  passkey_cloned: 'change',
  account_secured: 'change',
  consent_granted: 'change',
  consent_withdrawn: 'change',
  refresh_token_replayed: 'change',
  data_downloaded: 'change',
  account_leaving: 'change',
  account_kept: 'change',
  identity_linked: 'change',
  identity_unlinked: 'change',
  account_reclaimed: 'change',
  user_disabled: 'change',
  user_enabled: 'change',
} as const satisfies Partial<Record<AuditEvent, LogKind>>

export type OwnEvent = keyof typeof OWN_EVENTS

/** The names of the events of one kind, or of all. */
export function eventsOf(kind: LogKind | undefined): OwnEvent[] {
  const all = Object.keys(OWN_EVENTS) as OwnEvent[]
  return kind === undefined ? all : all.filter((event) => OWN_EVENTS[event] === kind)
}
