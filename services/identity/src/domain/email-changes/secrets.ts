import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { isUuid } from '../../platform/crypto/uuid.ts'

/** What proves the new mailbox. */
export function createEmailChangeSecrets(ring: KeyRing) {
  const said = (id: string, code: string) => `${id} ${code}`
  return {
    /** The proof that travels in the mail's link. */
    sealLink: (id: string) => ring.seal('email-change-link', id),
    openLink(sealed: string): string | undefined {
      const id = ring.open('email-change-link', sealed)
      return id !== undefined && isUuid(id) ? id : undefined
    },
    /** A code alone has a million values: keyed, so that a copy of the table gives none away. */
    macOf: (id: string, code: string) => ring.mac('email-change-code', said(id, code)),
    codeMatches: (id: string, code: string, mac: string) =>
      ring.verifyMac('email-change-code', said(id, code), mac),
  }
}
