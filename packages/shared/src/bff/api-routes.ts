/** One entry of the allow-list: what scripts of the page may call, and where it goes. */
export interface ApiRoute {
  /** Path under `/bff/api`; a segment `*` stands for any one segment: `/notes/*`. */
  readonly path: string
  readonly methods: readonly string[]
  /** Base URL of the API; the path is put after it. */
  readonly upstream: string
}

export type RouteVerdict =
  | { readonly status: 'allowed'; readonly url: string }
  | { readonly status: 'unknown' }
  | { readonly status: 'method'; readonly allow: readonly string[] }

// Unreserved characters, sub-delims and harmless escapes. An encoded slash, backslash, dot or control
// character could mean another path to the API than it does here.
const SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%(?!2[ef]|5c|[01][0-9a-f]|7f)[0-9a-f]{2})+$/i

/** Decides where a call under `/bff/api` goes; `path` as it came, undecoded, with its query. */
export function matchApiRoute(
  routes: readonly ApiRoute[],
  method: string,
  path: string,
): RouteVerdict {
  const [pathname = '', ...query] = path.split('?')
  const [root, ...segments] = pathname.split('/')
  const clean = segments.every(
    (segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..',
  )
  if (root !== '' || segments.length === 0 || !clean) return { status: 'unknown' }

  const fitting = routes.filter((route) => fits(route.path.split('/').slice(1), segments))
  if (fitting.length === 0) return { status: 'unknown' }
  const route = fitting.find(({ methods }) => methods.includes(method))
  if (route === undefined) {
    return { status: 'method', allow: fitting.flatMap(({ methods }) => methods) }
  }
  const search = query.length === 0 ? '' : `?${query.join('?')}`
  return { status: 'allowed', url: `${route.upstream.replace(/\/$/, '')}${pathname}${search}` }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => part === '*' || part === segments[index])
  )
}
