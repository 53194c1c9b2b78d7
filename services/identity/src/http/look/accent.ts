import { type Oklch, contrast, fromOklch, parseHex, toHex, toOklch } from './colour.ts'

/** The custom properties of `assets/signet.css` that follow from an accent colour. */
export interface AccentTokens {
  readonly accent: string
  readonly accentStrong: string
  readonly accentWash: string
  readonly onAccent: string
}

interface Theme {
  /** What the accent is read on; the same values as in `assets/signet.css`. */
  readonly grounds: readonly string[]
  readonly washLightness: number
  /** Which way colours get easier to read, and the lightness where it ends. */
  readonly direction: 1 | -1
  readonly end: 0 | 1
}

export const GROUNDS = {
  light: { page: '#f3f1ec', surface: '#fffefc', sunken: '#f6f4ef' },
  dark: { page: '#121412', surface: '#1a1d1a', sunken: '#222622' },
} as const

const LIGHT: Theme = {
  grounds: Object.values(GROUNDS.light),
  washLightness: 0.945,
  direction: -1,
  end: 0,
}
const DARK: Theme = {
  grounds: Object.values(GROUNDS.dark),
  washLightness: 0.3,
  direction: 1,
  end: 1,
}

/** WCAG 2.2 SC 1.4.3, with a little room for rounding. */
const READABLE = 4.55
const MOST_WASH_CHROMA = 0.03
const STEP = 0.005
const STRONGER = 0.07
const TURNED = 0.2

/** The accent of both themes: the given colour, made darker or lighter until it can be read on every ground. */
export function accentTokens(hex: string): { readonly light: AccentTokens; dark: AccentTokens } {
  const given = toOklch(parseHex(hex))
  return { light: tokensIn(LIGHT, hex, given), dark: tokensIn(DARK, hex, given) }
}

function tokensIn(theme: Theme, hex: string, given: Oklch): AccentTokens {
  const wash = { ...given, l: theme.washLightness, c: Math.min(given.c, MOST_WASH_CHROMA) }
  const accentWash = toHex(fromOklch(wash))
  const isReadable = (colour: string) =>
    [...theme.grounds, accentWash].every((ground) => contrast(colour, ground) >= READABLE)

  let { l } = given
  let accent = hex.toLowerCase()
  while (!isReadable(accent) && l !== theme.end) {
    l = Math.min(1, Math.max(0, l + theme.direction * STEP))
    accent = toHex(fromOklch({ ...given, l }))
  }
  const further = l + theme.direction * STRONGER
  // Next to black or white nobody would see it: there it goes the other way, which is far from unreadable.
  const stronger = further > 0.1 && further < 0.98 ? further : l - theme.direction * TURNED
  const accentStrong = toHex(fromOklch({ ...given, l: stronger }))
  return { accent, accentStrong, accentWash, onAccent: inkOn([accent, accentStrong], given) }
}

/** White or nearly black of the same hue, whichever is easier to read. */
function inkOn(colours: readonly string[], { c, h }: Oklch): string {
  const least = (ink: string) => Math.min(...colours.map((colour) => contrast(ink, colour)))
  const dark = toHex(fromOklch({ l: 0.25, c: Math.min(c, MOST_WASH_CHROMA), h }))
  return ['#ffffff', dark, '#000000'].find((ink) => least(ink) >= READABLE) ?? '#000000'
}

/** The tokens as a style sheet. */
export function accentStyle(hex: string): string {
  const { light, dark } = accentTokens(hex)
  return `${rootRule(light)}\n@media (prefers-color-scheme: dark) {\n${rootRule(dark)}\n}\n`
}

function rootRule({ accent, accentStrong, accentWash, onAccent }: AccentTokens): string {
  return `:root {
  --accent: ${accent};
  --accent-strong: ${accentStrong};
  --accent-wash: ${accentWash};
  --on-accent: ${onAccent};
}`
}
