/** Whether a person typed the word that was shown; capitals, spaces around it and marks of direction do not count. */
export function isTyped(typed: string, word: string, lang: string): boolean {
  return folded(typed, lang) === folded(word, lang)
}

function folded(text: string, lang: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .toLocaleLowerCase(lang)
}
