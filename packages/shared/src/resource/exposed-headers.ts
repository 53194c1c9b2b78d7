/** Names the headers that pages of other origins may read (Fetch Standard, CORS protocol). */
export const EXPOSED = 'access-control-expose-headers'

/** Headers of an answer that keep exposed what the application has exposed already. */
export function exposing(
  headers: Readonly<Record<string, string>>,
  already: string | number | readonly string[] | undefined,
): Record<string, string> {
  const exposed = [already ?? [], headers[EXPOSED] ?? []].flat().join(', ')
  return { ...headers, ...(exposed !== '' && { [EXPOSED]: exposed }) }
}
