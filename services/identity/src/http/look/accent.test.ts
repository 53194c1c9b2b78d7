import { readFileSync } from 'node:fs'
import t from 'tap'
import { type AccentTokens, GROUNDS, accentStyle, accentTokens } from './accent.ts'
import { contrast, fromOklch, parseHex, toHex, toOklch } from './colour.ts'

// This file runs as dist/src/http/accent.test.js.
const sheet = readFileSync(new URL('../../../../assets/signet.css', import.meta.url), 'utf8')
const [, lightSheet = '', darkSheet = ''] =
  /^([^]*?)@media \(prefers-color-scheme: dark\) \{([^]*?)\n\}/.exec(sheet) ?? []

void t.test('contrast is that of WCAG 2.2', async (t) => {
  const known: readonly (readonly [string, string, number])[] = [
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#000000', 21],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
    ['#ff0000', '#ffffff', 4],
    ['#123456', '#123456', 1],
  ]
  for (const [one, other, ratio] of known)
    t.equal(Math.round(contrast(one, other) * 100) / 100, ratio, `${one} on ${other}`)
})

void t.test('colours survive the way to OKLCH and back', async (t) => {
  for (const hex of ['#000000', '#ffffff', '#17594a', '#ffd400', '#0000ff', '#010203', '#808080'])
    t.equal(toHex(fromOklch(toOklch(parseHex(hex)))), hex)
})

void t.test('the grounds are those of the style sheet', async (t) => {
  for (const [name, hex] of Object.entries(GROUNDS.light))
    t.ok(lightSheet.includes(`--${name}: ${hex};`), `light ${name}`)
  for (const [name, hex] of Object.entries(GROUNDS.dark))
    t.ok(darkSheet.includes(`--${name}: ${hex};`), `dark ${name}`)
})

/** Everything that is written in or on these colours somewhere on a page. */
function leastContrast(tokens: AccentTokens, grounds: Readonly<Record<string, string>>): number {
  const { accent, accentStrong, accentWash, onAccent } = tokens
  const under = [...Object.values(grounds), accentWash]
  return Math.min(
    ...under.flatMap((ground) => [contrast(accent, ground), contrast(accentStrong, ground)]),
    contrast(onAccent, accent),
    contrast(onAccent, accentStrong),
  )
}

const hard = [
  '#ffff00',
  '#ffd400',
  '#000000',
  '#ffffff',
  '#808080',
  '#010203',
  '#fefefe',
  '#00ff00',
  '#00ffff',
  '#ff00ff',
  '#ff0000',
  '#0000ff',
  '#7c3aed',
  '#2563eb',
  '#17594a',
  '#f3f1ec',
  '#121412',
]

void t.test('every accent can be read in both themes (WCAG 2.2 SC 1.4.3)', async (t) => {
  const steps = [0, 51, 102, 153, 204, 255]
  const grid = steps.flatMap((r) =>
    steps.flatMap((g) => steps.map((b) => toHex([r / 255, g / 255, b / 255]))),
  )
  for (const hex of [...hard, ...grid]) {
    const { light, dark } = accentTokens(hex)
    const least = Math.min(leastContrast(light, GROUNDS.light), leastContrast(dark, GROUNDS.dark))
    if (least < 4.5 || hard.includes(hex)) t.ok(least >= 4.5, `${hex}: ${least.toFixed(2)}`)
    if (light.accent === light.accentStrong || dark.accent === dark.accentStrong)
      t.fail(`${hex}: nothing shows that the pointer is there`)
  }
})

void t.test('a colour that can be read stays as it was given', async (t) => {
  t.equal(accentTokens('#17594A').light.accent, '#17594a')
  t.equal(accentTokens('#7c3aed').light.accent, '#7c3aed')
  t.equal(accentTokens('#ffd400').dark.accent, '#ffd400')
  t.not(accentTokens('#ffd400').light.accent, '#ffd400')
  t.not(accentTokens('#000000').dark.accent, '#000000')
})

void t.test('the style sets the tokens of both themes and nothing else', async (t) => {
  const style = accentStyle('#2563EB')
  t.same([...style.matchAll(/--[a-z-]+(?=:)/g)].map(String), [
    '--accent',
    '--accent-strong',
    '--accent-wash',
    '--on-accent',
    '--accent',
    '--accent-strong',
    '--accent-wash',
    '--on-accent',
  ])
  t.match(style, /^:root \{[^]*@media \(prefers-color-scheme: dark\) \{\n:root \{/)
  for (const name of ['--accent', '--accent-strong', '--accent-wash', '--on-accent'])
    t.ok(lightSheet.includes(`${name}: `) && darkSheet.includes(`${name}: `), `${name} is known`)
})
