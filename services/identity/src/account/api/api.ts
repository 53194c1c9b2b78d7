import { accountAudience, builtInResources } from '../../domain/resources/built-in.ts'
import type { Api } from '../../http/api/operation.ts'
import { paths } from '../../http/paths.ts'
import { type AppsDeps, appOperations, appSchemas } from './apps.ts'
import { type DataDeps, dataOperations, dataSchemas } from './data.ts'
import { type EmailDeps, emailOperations, emailSchemas } from './email.ts'
import { type PasswordDeps, passwordOperations, passwordSchemas } from './password.ts'
import { type ProfileDeps, profileOperations, profileSchemas } from './profile.ts'
import { type SecurityLogDeps, securityLogOperations, securityLogSchemas } from './security-log.ts'
import { type SessionsDeps, sessionOperations, sessionSchemas } from './sessions.ts'

export type AccountApiDeps = AppsDeps &
  DataDeps &
  EmailDeps &
  PasswordDeps &
  ProfileDeps &
  SecurityLogDeps &
  SessionsDeps & { readonly issuer: string }

/** What people do on the pages of their account, for applications that they let do it. */
export function accountApi(deps: AccountApiDeps): Api {
  const audience = accountAudience(deps.issuer)
  const [resource] = builtInResources(deps.issuer)
  return {
    name: 'account',
    title: 'Account',
    description:
      'The account of the person in whose name the application calls, by the rules of the account pages. Changes need a sign-in of the last ten minutes; ask for a new one with max_age when a call is refused for it (RFC 9470). Cookies are never accepted.',
    base: paths.accountApi,
    audience,
    scopes: resource?.scopes ?? {},
    schemas: {
      ...profileSchemas,
      ...emailSchemas,
      ...passwordSchemas,
      ...sessionSchemas,
      ...appSchemas,
      ...securityLogSchemas,
      ...dataSchemas,
    },
    operations: [
      ...profileOperations(deps),
      ...emailOperations(deps),
      ...passwordOperations(deps),
      ...sessionOperations(deps),
      ...appOperations(deps),
      ...securityLogOperations(deps),
      ...dataOperations(deps),
    ],
  }
}
