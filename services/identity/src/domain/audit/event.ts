/** Security decisions that leave a record, named subject first. */
export type AuditEvent =
  | 'account_deleted'
  | 'account_kept'
  | 'account_leaving'
  | 'account_secured'
  | 'administrator_created'
  | 'device_trust_ended'
  | 'device_trusted'
  | 'second_factor_throttled'
  | 'second_factor_failed'
  | 'recovery_codes_made'
  | 'recovery_code_used'
  | 'passkey_removed'
  | 'passkey_added'
  | 'factors_reset'
  | 'authenticator_replaced'
  | 'authenticator_removed'
  | 'authenticator_added'
  | 'code_replayed'
  | 'configuration_applied'
  | 'consent_granted'
  | 'consent_refused'
  | 'email_change_asked'
  | 'email_change_cancelled'
  | 'email_changed'
  | 'data_downloaded'
  | 'grant_created'
  | 'grant_revoked'
  | 'password_change_refused'
  | 'password_changed'
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
  | 'sign_in_unlock_mailed'
  | 'sign_in_unlocked'
  | 'signing_key_created'
  | 'signing_key_revoked'
  | 'access_token_revoked'
  | 'user_disabled'
  | 'user_enabled'
  | 'user_invited'
  | 'profile_changed'
  | 'consent_withdrawn'
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
