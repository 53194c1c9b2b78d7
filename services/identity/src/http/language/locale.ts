/** How a language is marked and what it calls itself. */
export interface Locale {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** In the language itself, as people look for it. */
  readonly name: string
}

/** The languages of the pages, as the choice in the footer lists them. */
export const LOCALES = {
  en: { lang: 'en', dir: 'ltr', name: 'English' },
  de: { lang: 'de', dir: 'ltr', name: 'Deutsch' },
  ar: { lang: 'ar', dir: 'rtl', name: 'العربية' },
} as const satisfies Readonly<Record<string, Locale>>
