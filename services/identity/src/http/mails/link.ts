/** The address of a page that a token opens; it starts at the issuer, whatever host a request named. */
export function tokenLink(issuer: string, path: string, token: string): string {
  return `${issuer}${path}?token=${encodeURIComponent(token)}`
}
