import { z } from 'zod'
import { CLIENT_ID } from '../../domain/clients/client.ts'
import {
  type ConnectedApp,
  type ConnectedAppsDeps,
  connectedApps,
} from '../../domain/connected-apps/connected-apps.ts'
import { withdraw } from '../../domain/connected-apps/withdraw.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { ApiProblem } from '../../http/api/problem.ts'
import { scopeText } from '../../http/language/scope-text.ts'
import type { Words } from '../../http/words/words.ts'
import { Moment, moment, momentOrNull } from './moment.ts'
import { TO_CHANGE, TO_READ } from './scopes.ts'

export type AppsDeps = ConnectedAppsDeps

const Permission = z.object({
  scope: z.string(),
  api: z.string().nullable().describe('The name of the API it belongs to.'),
  description: z.string().describe('In the language of the request.'),
})
const App = z.object({
  client_id: z.string(),
  name: z.string(),
  client_uri: z.string().nullable(),
  logo_uri: z.string().nullable(),
  permissions: z.array(Permission),
  asked: z
    .boolean()
    .describe('Whether the person was asked; applications of the house need no yes.'),
  since: Moment,
  allowed_at: Moment.nullable().describe('The last yes.'),
  last_used_at: Moment.nullable(),
  offline: z.boolean().describe('Whether it can go on when the person is away.'),
})
const Apps = z.object({ apps: z.array(App) })

export const appSchemas = { Permission, App, Apps }

/** What may act for the person. */
export function appOperations(deps: AppsDeps): readonly Operation[] {
  return [
    operation({
      id: 'listApps',
      method: 'GET',
      path: '/apps',
      summary: 'List the connected applications',
      scopes: TO_READ,
      fresh: false,
      answer: { status: 200, description: 'Last used first.', schema: Apps },
      run: async ({ caller, language }) => ({
        apps: (await connectedApps(deps, caller.user.id)).map((app) => shown(app, language.words)),
      }),
    }),
    operation({
      id: 'withdrawApp',
      method: 'DELETE',
      path: '/apps/{client_id}',
      summary: 'Take back what an application was allowed',
      description: 'Its refresh tokens end, and its access tokens count no more at this service.',
      scopes: TO_CHANGE,
      fresh: true,
      params: z.object({ client_id: z.string().regex(CLIENT_ID) }),
      answer: { status: 204, description: 'The application may do nothing any more.' },
      async run({ caller, path, ip }) {
        const withdrawn = await withdraw(deps, caller.user.id, path.client_id, ip)
        if (withdrawn === 'not_found') throw new ApiProblem('not_found')
      },
    }),
  ]
}

function shown(app: ConnectedApp, words: Words): z.infer<typeof App> {
  return {
    client_id: app.clientId,
    name: app.metadata.client_name ?? app.clientId,
    client_uri: app.metadata.client_uri ?? null,
    logo_uri: app.metadata.logo_uri ?? null,
    permissions: app.permissions.map((permission) => {
      const api = permission.kind === 'api' ? permission : undefined
      const { scope } = permission
      return { scope, api: api?.api ?? null, description: scopeText(words, scope, api?.text) }
    }),
    asked: app.asked,
    since: moment(app.since),
    allowed_at: momentOrNull(app.allowedAt),
    last_used_at: momentOrNull(app.lastUsedAt),
    offline: app.offline,
  }
}
