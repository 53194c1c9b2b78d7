import { z } from 'zod'

const TEN_YEARS = 315_360_000
const Seconds = z.int().positive().max(TEN_YEARS)

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
  rate_limit_per_minute: z.int().positive().default(600),
  sign_in_failures_per_hour: z.int().positive().max(100).default(50),
})
export type Settings = z.infer<typeof Settings>

export const DEFAULT_SETTINGS: Settings = Settings.parse({})
