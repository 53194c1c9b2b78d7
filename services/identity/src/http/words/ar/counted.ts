const plural = new Intl.PluralRules('ar-u-nu-latn')

/** A counted noun in the genitive; `zero` reads like `other`. */
export interface Counted {
  readonly one: string
  readonly two: string
  readonly few: string
  readonly many: string
  readonly other: string
}

/** A number and its noun. One and two are said by the noun alone. */
export function counted(count: number, noun: Counted): string {
  const category = plural.select(count)
  if (category === 'one' || category === 'two') return noun[category]
  return `${count} ${category === 'zero' ? noun.other : noun[category]}`
}
