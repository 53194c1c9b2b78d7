import { shownText } from './shown.ts'
import type { Why } from './why.ts'

export interface ScopeQuestion {
  readonly clientId: string
  readonly asked: readonly string[]
  /** What the settings of the client allow. */
  readonly allowed: readonly string[]
  /** Every scope that means anything here. */
  readonly known: readonly string[]
}

/** Why scopes were refused: which the client may not have, and which nobody knows. */
export function explainScopes({ clientId, asked, allowed, known }: ScopeQuestion): Why {
  const refused = asked.filter((scope) => known.includes(scope) && !allowed.includes(scope))
  const unknown = asked.filter((scope) => !known.includes(scope))
  const expected = { scope: allowed.join(' ') }
  const received = { scope: shownText(asked.join(' ')) }
  const strangers =
    unknown.length === 0
      ? ''
      : `Nobody here knows ${listed(unknown)}: is it spelled as under resources: in the configuration file? `
  if (refused.length === 0) {
    const advice = unknown.length === 0 ? undefined : `${strangers}Ask for one that is known.`
    return { check: 'scope_grants_nothing', expected, received, advice }
  }
  const advice = `${strangers}The client ${shownText(clientId)} may not ask for ${listed(refused)}. Leave it out, or add it to scope of the client.`
  const scope = [...allowed, ...refused].join(' ')
  const change = [
    'clients:',
    `  - client_id: ${JSON.stringify(clientId)}`,
    `    scope: ${JSON.stringify(scope)}`,
  ].join('\n')
  return { check: 'scope_not_allowed', expected, received, advice, change }
}

function listed(scopes: readonly string[]): string {
  const shown = scopes.slice(0, 10).map((scope) => shownText(scope))
  return shown.join(', ') + (scopes.length > 10 ? ` and ${scopes.length - 10} more` : '')
}
