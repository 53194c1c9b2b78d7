import type { Check } from './checks.ts'
import type { Facts } from './shown.ts'

/** What the check that refused a request knows. Never for the one who sent it, unless they run this service themselves. */
export interface Why {
  readonly check: Check
  readonly expected?: Facts | undefined
  readonly received?: Facts | undefined
  /** What to do in this very case; the check's own words when absent. */
  readonly advice?: string | undefined
  /** The lines of the configuration file to change, ready to copy. */
  readonly change?: string | undefined
}
