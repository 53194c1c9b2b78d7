import { z } from 'zod'
import { Brand } from './brand.ts'

const TEN_YEARS = 315_360_000
const Seconds = z.int().positive().max(TEN_YEARS)
/** "This wasn't me" reads which change of address was made, and which undone (docs/decisions/0022). */
const LONGEST_LINK_SECONDS = 604_800

/** What operators tune, each with its unit in its name; the defaults are those of the documentation. */
export const Settings = z.strictObject({
  access_token_ttl_seconds: Seconds.max(3600).default(600),
  id_token_ttl_seconds: Seconds.max(86_400).default(3600),
  code_ttl_seconds: Seconds.max(600).default(60),
  refresh_idle_seconds: Seconds.default(1_209_600),
  refresh_max_seconds: Seconds.default(2_592_000),
  refresh_grace_seconds: z.int().min(0).max(60).default(10),
  session_idle_seconds: Seconds.default(1_209_600),
  session_max_seconds: Seconds.default(2_592_000),
  sign_up: z.enum(['open', 'invited', 'closed']).default('closed'),
  mfa: z.enum(['optional', 'required', 'by_role']).default('optional'),
  /** Roles that `by_role` asks a second factor of. */
  mfa_roles: z.array(z.string().min(1).max(100)).max(100).default(['admin']),
  /** Until then people without a second factor that is asked for are let in, and told. */
  mfa_grace_until: z.iso.datetime({ offset: true }).optional(),
  /** How long a browser can spare its person the second factor; 0 for never. */
  trusted_device_ttl_seconds: z.int().min(0).max(TEN_YEARS).default(2_592_000),
  /** The domain that passkeys are for, if it is not the issuer's host: one above it. Another one forgets them all. */
  passkey_rp_id: z
    .string()
    .max(253)
    .regex(/^[a-z\d-]+(?:\.[a-z\d-]+)*$/, 'is no host name in lower case')
    .optional(),
  /** Whether people without a passkey are asked after a sign-in if they want one. */
  passkey_offer: z.boolean().default(true),
  /** A code by mail after the password, for people without a second factor of their own; never worth aal2. */
  email_code: z.enum(['off', 'new_devices', 'always']).default('off'),
  rate_limit_per_minute: z.int().positive().default(600),
  sign_in_failures_per_hour: z.int().positive().max(100).default(50),
  // NIST SP 800-63B-4 §3.1.1.2: never fewer than 8, and 15 where nothing else protects the account.
  password_min_characters: z.int().min(8).max(64).default(15),
  /** In force where a second factor is required of everybody. */
  password_min_characters_with_second_factor: z.int().min(8).max(64).default(8),
  sign_in_failures_per_hour_and_network: z.int().positive().default(300),
  sign_in: z.enum(['combined', 'identifier_first']).default('combined'),
  /** When name and picture are taken from the provider that a person signs in with. */
  provider_profile: z.enum(['first_sign_in', 'each_sign_in']).default('first_sign_in'),
  account_deletion_grace_seconds: z.int().min(0).max(TEN_YEARS).default(1_209_600),
  /** How long the record of what happened is kept; 0 for ever. */
  audit_retention_seconds: z
    .int()
    .min(0)
    .max(TEN_YEARS)
    .refine(
      (seconds) => seconds === 0 || seconds >= LONGEST_LINK_SECONDS,
      `must be 0 or at least ${LONGEST_LINK_SECONDS}: links of that age are checked against it`,
    )
    .default(34_560_000),
  /** How the pages and mails of this installation look. */
  brand: Brand.default({}),
})
export type Settings = z.infer<typeof Settings>

export const DEFAULT_SETTINGS: Settings = Settings.parse({})
