import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { CodePlace } from './store.ts'

const said = (id: string, { purpose, subject, browserHash }: CodePlace, code: string) =>
  [id, purpose, subject, browserHash, code].join(' ')

/** What is kept of a code: a million values are soon tried by whoever has a copy of the table, but for the key. */
export function codeMac(ring: KeyRing, id: string, place: CodePlace, code: string): string {
  return ring.mac('mail-code', said(id, place, code))
}

export function codeMatches(
  ring: KeyRing,
  id: string,
  place: CodePlace,
  code: string,
  mac: string,
): boolean {
  return ring.verifyMac('mail-code', said(id, place, code), mac)
}
