import type { CheckWords } from './check-words.ts'
import { apiChecks } from './checks/apis.ts'
import { authorizationChecks } from './checks/authorization.ts'
import { clientChecks } from './checks/clients.ts'
import { pageChecks } from './checks/pages.ts'
import { tokenChecks } from './checks/tokens.ts'

/** Every check that refuses something, by area; docs/errors.md is this table. */
export const CHECKS_BY_AREA = {
  'Authorization requests': authorizationChecks,
  'Who the client is': clientChecks,
  'Codes and tokens': tokenChecks,
  'Calls of the APIs of this service': apiChecks,
  'Pages, and the service itself': pageChecks,
} as const

const CHECKS = {
  ...authorizationChecks,
  ...clientChecks,
  ...tokenChecks,
  ...apiChecks,
  ...pageChecks,
}

export type Check = keyof typeof CHECKS

/** Whether there is a check of this name. */
export function isCheck(name: string): name is Check {
  return Object.hasOwn(CHECKS, name)
}

export function wordsOf(check: Check): CheckWords {
  return CHECKS[check]
}
