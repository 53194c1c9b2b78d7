import type { VNode } from 'preact'
import { deviceName } from '../device-name.ts'
import type { Words } from '../words/words.ts'

const POCKET = new Set(['iPhone', 'iPad', 'Android'])

/** What a person calls a device: "Firefox on Linux". */
export function deviceText({ devices }: Words, userAgent: string | undefined): string {
  const { browser, system } = deviceName(userAgent)
  if (browser === undefined) return system ?? devices.unknown
  return system === undefined ? browser : `${browser} ${devices.onSystem(system)}`
}

/** A phone or a screen, as the device is. */
export function DeviceSign({ userAgent }: { readonly userAgent: string | undefined }): VNode {
  const { system } = deviceName(userAgent)
  const drawing =
    system !== undefined && POCKET.has(system)
      ? 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2'
      : 'M4 5h16v10H4zM2 19h20'
  return (
    <span class="sign logo tile" aria-hidden="true">
      <svg viewBox="0 0 24 24">
        <path d={drawing} />
      </svg>
    </span>
  )
}
