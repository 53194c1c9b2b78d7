import { bent } from './jwt.ts'

/** What strangers put in the place of the token of a link, made of a good one; nothing of it may open anything. */
export const BAD_TOKENS: readonly (readonly [string, (good: string) => string | undefined])[] = [
  ['missing', () => undefined],
  ['empty', () => ''],
  ['made up', () => `test.${'x'.repeat(120)}`],
  ['bent', bent],
  ['cut off', (token) => token.slice(0, -1)],
  ['with more behind', (token) => `${token}A`],
  ['of another key', (token) => token.replace(/^test/, 'tset')],
  ['like SQL', () => "' OR '1'='1"],
]

/** A link with another token, or with none. */
export function withToken(link: string, token: string | undefined, parameter = 'token'): string {
  const url = new URL(link)
  if (token === undefined) url.searchParams.delete(parameter)
  else url.searchParams.set(parameter, token)
  return url.href
}

/** What stands in a link in the place of its token. */
export function tokenOf(link: string, parameter = 'token'): string {
  return new URL(link).searchParams.get(parameter) ?? ''
}
