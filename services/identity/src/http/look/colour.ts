/** Red, green and blue, each from 0 to 1, gamma-encoded as in `#rrggbb`. */
export type Rgb = readonly [number, number, number]

/** A colour by how light it looks, how colourful, and its hue in radians (OKLCH, CSS Color 4 §9.2). */
export interface Oklch {
  readonly l: number
  readonly c: number
  readonly h: number
}

/** Reads `#rrggbb`. */
export function parseHex(hex: string): Rgb {
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255
  return [channel(1), channel(3), channel(5)]
}

export function toHex(rgb: Rgb): string {
  const channel = (value: number) =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0')
  return `#${rgb.map(channel).join('')}`
}

const linear = (value: number) =>
  value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
const encoded = (value: number) =>
  value <= 0.003_130_8 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055

function luminance(hex: string): number {
  const [r, g, b] = parseHex(hex)
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/** How far apart two colours are in lightness, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The matrices are those of CSS Color 4, "Sample code for Color Conversions". */
export function toOklch(rgb: Rgb): Oklch {
  const [r, g, b] = [linear(rgb[0]), linear(rgb[1]), linear(rgb[2])]
  const long = Math.cbrt(0.412_221_47 * r + 0.536_332_54 * g + 0.051_445_99 * b)
  const medium = Math.cbrt(0.211_903_5 * r + 0.680_699_55 * g + 0.107_396_96 * b)
  const short = Math.cbrt(0.088_302_46 * r + 0.281_718_84 * g + 0.629_978_7 * b)
  const a = 1.977_998_53 * long - 2.428_592_24 * medium + 0.450_593_7 * short
  const bb = 0.025_904_04 * long + 0.782_771_71 * medium - 0.808_675_75 * short
  return {
    l: 0.210_454_27 * long + 0.793_617_77 * medium - 0.004_072_05 * short,
    c: Math.hypot(a, bb),
    h: Math.atan2(bb, a),
  }
}

/** The nearest colour that screens show: as light and of the same hue, less colourful where it has to be. */
export function fromOklch({ l, c, h }: Oklch): Rgb {
  for (let chroma = c; chroma > 0; chroma -= 0.002) {
    const rgb = unbounded({ l, c: chroma, h })
    if (rgb.every((value) => value >= -0.0005 && value <= 1.0005)) return rgb
  }
  return unbounded({ l, c: 0, h })
}

function unbounded({ l, c, h }: Oklch): Rgb {
  const [a, b] = [c * Math.cos(h), c * Math.sin(h)]
  const long = (l + 0.396_337_79 * a + 0.215_803_76 * b) ** 3
  const medium = (l - 0.105_561_34 * a - 0.063_854_17 * b) ** 3
  const short = (l - 0.089_484_18 * a - 1.291_485_54 * b) ** 3
  return [
    encoded(4.076_741_66 * long - 3.307_711_59 * medium + 0.230_969_94 * short),
    encoded(-1.268_438 * long + 2.609_757_4 * medium - 0.341_319_4 * short),
    encoded(-0.004_196_09 * long - 0.703_418_61 * medium + 1.707_614_7 * short),
  ]
}
