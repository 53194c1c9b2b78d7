/** An address that its owner recognises and a passer-by cannot use: the first letter and the domain. */
export function masked(email: string): string {
  const at = email.lastIndexOf('@')
  const [first = ''] = email.slice(0, at)
  return `${first}•••${email.slice(at)}`
}
