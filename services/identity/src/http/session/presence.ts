import type { FastifyRequest } from 'fastify'
import type { Everybody, SignedIn, Standing } from '../../domain/sessions/session.ts'
import type { SessionStore } from '../../domain/sessions/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Browsers } from './browser.ts'

/** Who is signed in at the browser that sent a request, if anybody. */
export interface Presence {
  /** The active one. */
  signedIn(request: FastifyRequest): Promise<SignedIn | undefined>
  /** Everybody, in the order of the cookie; whose session has ended is left out. */
  all(request: FastifyRequest): Promise<Everybody>
  /** The active one, or another session of this browser, with what the person allowed one client, in one look. */
  standing(
    request: FastifyRequest,
    clientId: string,
    tokenHash?: string,
  ): Promise<Standing | undefined>
}

export function createPresence(sessions: SessionStore, browsers: Browsers, clock: Clock): Presence {
  return {
    async signedIn(request) {
      const tokenHash = browsers.sessionTokenHash(request)
      return tokenHash === undefined ? undefined : sessions.find(tokenHash, clock())
    },
    async all(request) {
      const hashes = browsers.sessionTokenHashes(request)
      if (hashes.length === 0) return { active: undefined, others: [] }
      const found = await sessions.findAll(hashes, clock())
      const live = hashes.flatMap((hash) =>
        found.filter(({ session }) => session.tokenHash === hash),
      )
      const activeHash = browsers.sessionTokenHash(request)
      const isActive = ({ session }: SignedIn) => session.tokenHash === activeHash
      return { active: live.find(isActive), others: live.filter((one) => !isActive(one)) }
    },
    async standing(request, clientId, tokenHash = browsers.sessionTokenHash(request)) {
      return tokenHash === undefined ? undefined : sessions.standing(tokenHash, clientId, clock())
    },
  }
}
