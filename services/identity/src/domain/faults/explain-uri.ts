import { shownText, shownUri } from './shown.ts'
import type { Why } from './why.ts'

export interface UriQuestion {
  readonly parameter: 'redirect_uri' | 'post_logout_redirect_uri'
  readonly clientId: string
  readonly registered: readonly string[]
  readonly asked: string
  /** Why the URI could not be registered either, if so. */
  readonly unregistrable: string | undefined
}

interface Parts {
  readonly scheme: string
  readonly host: string
  readonly port: string
  readonly path: string
  readonly query: string
  readonly fragment: string
}

interface Difference {
  readonly words: string
  /** How unlikely it is that the two were meant to be the same. */
  readonly distance: number
}

// RFC 3986 appendix B. No URL parser: it would tidy away the very differences that are looked for.
const URI = /^([a-z][a-z\d+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/is
const FAR = 6
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
const MAX_LISTED = 5

/** Why a URI is not one of the registered ones: which of them is nearest, and where the two differ. */
export function explainUri(question: UriQuestion): Why {
  const { parameter, registered, asked, unregistrable } = question
  const shown = shownUri(asked, registered)
  const received = { [parameter]: shown }
  const check = `${parameter}_not_registered` as const
  const nearest = nearestOf(registered, asked)
  const listed = registered.slice(0, MAX_LISTED).join(' or ')
  const more = registered.length > MAX_LISTED ? ` or ${registered.length - MAX_LISTED} more` : ''
  const expected = {
    [parameter]: nearest?.uri ?? (registered.length === 0 ? '(none is registered)' : listed + more),
  }
  const differs =
    nearest === undefined
      ? 'None of the registered ones is like it.'
      : `The nearest registered one differs: ${nearest.differences.join('; ')}.`
  const registering =
    unregistrable === undefined
      ? 'Send a registered one byte for byte, or add this one, if it is the application’s own.'
      : `It could not be registered either: it ${unregistrable}. Send a registered one byte for byte.`
  // What was masked cannot be copied.
  const change =
    unregistrable === undefined && shown === asked ? addition(question, shown) : undefined
  return { check, expected, received, advice: `${differs} ${registering}`, change }
}

/** JSON strings are YAML: whatever the URI holds stays one value. */
function addition({ parameter, clientId }: UriQuestion, uri: string): string {
  return [
    'clients:',
    `  - client_id: ${JSON.stringify(clientId)}`,
    `    ${parameter}s:`,
    `      - ${JSON.stringify(uri)} # add this line`,
  ].join('\n')
}

function nearestOf(registered: readonly string[], asked: string) {
  const ranked = registered
    .map((uri) => {
      const differences = differencesOf(asked, uri)
      const distance = differences.reduce((sum, one) => sum + one.distance, 0)
      return { uri, distance, differences: differences.map(({ words }) => words) }
    })
    .filter(({ distance }) => distance < FAR)
    .toSorted((a, b) => a.distance - b.distance)
  return ranked[0]
}

function differencesOf(asked: string, registered: string): Difference[] {
  const whole = wholeDifference(asked, registered)
  if (whole !== undefined) return [whole]
  const came = partsOf(asked)
  const known = partsOf(registered)
  if (came === undefined || known === undefined)
    return [{ words: 'it is not an absolute URI', distance: FAR }]
  return [
    schemeDifference(came, known),
    hostDifference(came.host, known.host),
    portDifference(came, known),
    pathDifference(came.path, known.path),
    queryDifference(came.query, known.query),
    came.fragment === known.fragment ? undefined : { words: 'it has a fragment (#…)', distance: 1 },
  ].filter((difference) => difference !== undefined)
}

/** Differences of the text as such, before it is taken apart. */
function wholeDifference(asked: string, registered: string): Difference | undefined {
  if (asked !== registered && asked.trim() === registered)
    return { words: 'white space stands around it', distance: 1 }
  if (/^[a-z][a-z\d+.-]*%3a/i.test(asked) && decoded(asked) === registered)
    return { words: 'it is percent-encoded twice; encode it once', distance: 1 }
  return undefined
}

function schemeDifference({ scheme }: Parts, known: Parts): Difference | undefined {
  if (scheme === known.scheme) return undefined
  return { words: `the scheme is ${shownText(scheme)} instead of ${known.scheme}`, distance: 2 }
}

function hostDifference(host: string, known: string): Difference | undefined {
  if (host === known) return undefined
  if (host.toLowerCase() === known.toLowerCase())
    return { words: `the host is ${known} in other case`, distance: 1 }
  const words = `the host is ${shownText(host)} instead of ${known}`
  if (LOOPBACK.has(host) && LOOPBACK.has(known))
    return { words: `${words}, which are two different hosts here`, distance: 1 }
  const related = host.endsWith(`.${known}`) || known.endsWith(`.${host}`)
  return { words, distance: related ? 2 : 4 }
}

function portDifference({ port, host }: Parts, known: Parts): Difference | undefined {
  if (port === known.port) return undefined
  const named = (text: string) => (text === '' ? 'the default' : text.slice(0, 10))
  const free = host === 'localhost' ? ' (only 127.0.0.1 and [::1] may choose any port)' : ''
  return { words: `the port is ${named(port)} instead of ${named(known.port)}${free}`, distance: 1 }
}

function pathDifference(path: string, known: string): Difference | undefined {
  if (path === known) return undefined
  if (path === `${known}/`) return { words: 'a slash at the end is too many', distance: 1 }
  if (`${path}/` === known) return { words: 'the slash at the end is missing', distance: 1 }
  if (path.toLowerCase() === known.toLowerCase())
    return { words: `the path is ${known} in other case`, distance: 1 }
  const named = (text: string) => (text === '' ? 'empty' : shownText(text))
  return { words: `the path is ${named(path)} instead of ${named(known)}`, distance: 2 }
}

function queryDifference(query: string, known: string): Difference | undefined {
  if (query === known) return undefined
  if (known === '') return { words: `it has a query (${shownUri(query)}) too many`, distance: 1 }
  if (query === '') return { words: `its query ${shownText(known)} is missing`, distance: 1 }
  return { words: 'the query is another', distance: 1 }
}

function partsOf(uri: string): Parts | undefined {
  const [, scheme, authority = '', path = '', query = '', fragment = ''] = URI.exec(uri) ?? []
  if (scheme === undefined) return undefined
  // A password may stand there, and nothing registered has one.
  const [, host = '', port = ''] =
    /^(.*?)(?::(\d*))?$/s.exec(authority.replace(/^.*@/s, '(user)@')) ?? []
  return { scheme, host, port, path, query, fragment }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
