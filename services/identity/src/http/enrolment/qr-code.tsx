import type { VNode } from 'preact'
import { encode } from 'uqr'

/** Modules of white around the picture that scanners look for (ISO/IEC 18004 §9.1). */
const QUIET_ZONE = 4

/** A text as a QR code of level M: black on white whatever the theme, as many scanners read nothing else. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): VNode {
  const { data, size } = encode(text, { ecc: 'M', boostEcc: false, border: QUIET_ZONE })
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path
        stroke="#000"
        shape-rendering="crispEdges"
        transform="translate(0 .5)"
        d={data.map(strokes).join('')}
      />
    </svg>
  )
}

/** The dark runs of a row, each a stroke through the middle of its modules; counted from the one before, for brevity. */
function strokes(row: readonly boolean[], y: number): string {
  const line = row.map((dark) => (dark ? '1' : '0')).join('')
  const [first, ...others] = line.matchAll(/1+/g)
  if (first === undefined) return ''
  let end = first.index + first[0].length
  const rest = others.map(({ index, 0: run }) => {
    const gap = index - end
    end = index + run.length
    return `m${gap} 0h${run.length}`
  })
  return `M${first.index} ${y}h${first[0].length}${rest.join('')}`
}
