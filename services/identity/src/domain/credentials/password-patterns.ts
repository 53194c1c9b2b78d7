/** Neighbours on keyboards; neighbours in an alphabet or among digits are neighbours in Unicode. */
const KEYS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiopü',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1234567890',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
].flatMap((row) => [row, Array.from(row).reverse().join('')])

const SHORTEST_RUN = 3
/** A part that stands again and again for fewer characters than this is no more than a short password. */
const LONGEST_REFRAIN = 7

/** The unit that a text consists of when it only repeats itself, such as `abc` of `abcabcab`. */
export function refrain(characters: readonly string[]): string | undefined {
  for (let period = 1; period * 2 <= characters.length; period += 1)
    if (characters.every((character, at) => character === characters[at % period]))
      return characters.slice(0, period).join('')
  return undefined
}

/** Whether a text is a short piece over and over, or hardly more than one or two different characters. */
export function isMonotonous(characters: readonly string[]): boolean {
  const unit = refrain(characters)
  const isShortUnit = unit !== undefined && Array.from(unit).length <= LONGEST_REFRAIN
  return isShortUnit || new Set(characters).size < 5
}

/** Which characters belong to a run such as `aaa`, `abcd`, `4321` or `qwert`. */
export function runsIn(characters: readonly string[]): boolean[] {
  const marked = characters.map(() => false)
  for (let at = 0; at < characters.length;) {
    const length = Math.max(steps(characters, at), keys(characters, at))
    if (length >= SHORTEST_RUN) marked.fill(true, at, at + length)
    at += length >= SHORTEST_RUN ? length : 1
  }
  return marked
}

/** Which characters belong to one of these texts. */
export function occurrencesIn(
  characters: readonly string[],
  texts: readonly (readonly string[])[],
): boolean[] {
  const marked = characters.map(() => false)
  for (const text of texts)
    for (let at = 0; at + text.length <= characters.length; at += 1)
      if (text.every((character, offset) => characters[at + offset] === character))
        marked.fill(true, at, at + text.length)
  return marked
}

/** How far from `start` on each character is the one before it, the next or the previous one of Unicode. */
function steps(characters: readonly string[], start: number): number {
  const point = (at: number) => characters[at]?.codePointAt(0) ?? Number.NaN
  const step = point(start + 1) - point(start)
  if (!(Math.abs(step) <= 1)) return 1
  let end = start + 1
  while (point(end) - point(end - 1) === step) end += 1
  return end - start
}

/** How far from `start` on the characters follow a row of keys. */
function keys(characters: readonly string[], start: number): number {
  let longest = 1
  for (const row of KEYS) {
    const from = row.indexOf(characters[start] ?? '')
    if (from === -1) continue
    let length = 1
    while (row[from + length] !== undefined && row[from + length] === characters[start + length])
      length += 1
    longest = Math.max(longest, length)
  }
  return longest
}
