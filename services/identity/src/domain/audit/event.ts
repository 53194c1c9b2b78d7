/** Security decisions that leave a record, named subject first. */
export type AuditEvent =
  | 'administrator_created'
  | 'code_replayed'
  | 'configuration_applied'
  | 'consent_granted'
  | 'consent_refused'
  | 'grant_created'
  | 'grant_revoked'
  | 'password_rehashed'
  | 'password_reset'
  | 'password_reset_asked'
  | 'refresh_token_raced'
  | 'refresh_token_replayed'
  | 'session_ended'
  | 'setup_link_created'
  | 'sign_in_failed'
  | 'sign_in_succeeded'
  | 'sign_in_throttled'
  | 'signing_key_created'
  | 'signing_key_revoked'
  | 'access_token_revoked'
  | 'user_disabled'
  | 'user_enabled'
  | 'user_registered'

/** Who and what a record is about; times and ids are added by the store. */
export interface AuditEntry {
  readonly event: AuditEvent
  readonly userId?: string | undefined
  readonly clientId?: string | undefined
  readonly sessionId?: string | undefined
  readonly grantId?: string | undefined
  readonly ip?: string | undefined
  readonly detail?: Record<string, unknown> | undefined
}
