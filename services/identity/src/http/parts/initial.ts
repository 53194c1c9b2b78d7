/** The first letter a person would read in a name, for a tile that stands in for a picture. */
export function initial(name: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? '?'
  return letter.toLocaleUpperCase('und')
}
