import type { Brand } from '../../domain/settings/brand.ts'
import { accentTokens } from '../look/accent.ts'
import { LANGUAGES, type Language, inLook } from './language.ts'
import { LOCALES } from './locale.ts'
import { en } from '../words/en.ts'

const ENGLISH: Language = { words: en, locale: LOCALES.en }

/** The language of a letter that no request causes, in the look of this installation. */
export function letterLanguage(
  tag: string | undefined,
  { name, accent_color }: Pick<Brand, 'name' | 'accent_color'>,
): Language {
  const accent = accent_color === undefined ? undefined : accentTokens(accent_color).light.accent
  return inLook(LANGUAGES.get(tag ?? '') ?? ENGLISH, { product: name, accent })
}
