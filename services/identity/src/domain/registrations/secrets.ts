import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'

/** What proves a mailbox, and what names a registration in a URL: sealed apart, so that neither passes for the other. */
export function createRegistrationSecrets(ring: KeyRing) {
  const opened = (id: string | undefined) => (id !== undefined && isUuid(id) ? id : undefined)
  const said = (id: string, code: string) => `${id} ${code}`
  return {
    /** The name of a registration for the pages of its own browser; it proves nothing. */
    sealPage: (id: string) => ring.seal('registration-page', id),
    openPage: (sealed: string) => opened(ring.open('registration-page', sealed)),
    /** The proof that travels in the mail's link. */
    sealLink: (id: string) => ring.seal('registration-link', id),
    openLink: (sealed: string) => opened(ring.open('registration-link', sealed)),
    /** A code alone has a million values: keyed, so that a copy of the table gives none away. */
    macOf: (id: string, code: string) => ring.mac('registration-code', said(id, code)),
    codeMatches: (id: string, code: string, mac: string) =>
      ring.verifyMac('registration-code', said(id, code), mac),
  }
}
export type RegistrationSecrets = ReturnType<typeof createRegistrationSecrets>
