import type { Check } from './checks.ts'
import { shownText } from './shown.ts'
import type { Why } from './why.ts'

/** A client proved itself in another way than the registered one. */
export function explainMethod(clientId: string, registered: string, used: string): Why {
  const settings = [
    'clients:',
    `  - client_id: ${JSON.stringify(clientId)}`,
    `    token_endpoint_auth_method: ${used}`,
  ].join('\n')
  const bySecret = used === 'none' || registered === 'none'
  const advice =
    used === 'none'
      ? `The client has a secret and did not send it. Send it by ${registered}.`
      : registered === 'none'
        ? 'The client is public and has no secret. Send client_id alone, in the form.'
        : `The secret came by ${used}. Send it by ${registered}, or change the setting of the client.`
  return {
    check: 'client_method_differs',
    expected: { token_endpoint_auth_method: registered },
    received: { token_endpoint_auth_method: used },
    advice,
    // To and from a public client more has to change than this line.
    change: bySecret ? undefined : settings,
  }
}

/** The secret is wrong; whether only white space is, which files and variables like to add. */
export function explainSecret(rightWithoutSpace: boolean): Why {
  const check = 'client_secret_wrong'
  if (!rightWithoutSpace) return { check }
  return { check, advice: 'The secret is right but for white space around it: take that away.' }
}

/** The client lacks a grant type. */
export function explainGrantType(
  check: Extract<Check, 'grant_type_not_allowed' | 'code_flow_not_allowed'>,
  clientId: string,
  allowed: readonly string[],
  asked: string,
): Why {
  return {
    check,
    expected: { grant_types: allowed.join(' ') },
    received: { grant_type: asked },
    advice: `Add ${asked} to grant_types of the client ${shownText(clientId)}.`,
    change: [
      'clients:',
      `  - client_id: ${JSON.stringify(clientId)}`,
      `    grant_types: [${[...allowed, asked].join(', ')}]`,
    ].join('\n'),
  }
}
