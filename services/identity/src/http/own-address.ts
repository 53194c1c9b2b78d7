/**
 * The path and query of a request as an address on our own host. A path that begins with two slashes, or with a slash
 * and a backslash, which browsers read as two, would lead to whatever host it names.
 */
export function ownAddress(url: string): string {
  return /^\/(?![/\\])/.test(url) ? url : '/'
}

/** The same address without some parameters; the others stay as they were written. */
export function withoutParameters(url: string, names: readonly string[]): string {
  const [path = '/', ...rest] = ownAddress(url).split('?')
  const query = rest
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && !names.includes(nameOf(pair)))
    .join('&')
  return query === '' ? path : `${path}?${query}`
}

/** The same address with one more parameter, in place of what it said of it before. */
export function withParameter(url: string, name: string, value: string): string {
  const rest = withoutParameters(url, [name])
  return `${rest}${rest.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}

function nameOf(pair: string): string {
  const [name] = new URLSearchParams(pair).keys()
  return name ?? ''
}
