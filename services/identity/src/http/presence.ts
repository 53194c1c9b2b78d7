import type { FastifyRequest } from 'fastify'
import type { SignedIn, Standing } from '../domain/sessions/session.ts'
import type { SessionStore } from '../domain/sessions/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Browsers } from './browser.ts'

/** Who is signed in at the browser that sent a request, if anybody. */
export interface Presence {
  signedIn(request: FastifyRequest): Promise<SignedIn | undefined>
  /** The same with what the person allowed one client, in one look. */
  standing(request: FastifyRequest, clientId: string): Promise<Standing | undefined>
}

export function createPresence(sessions: SessionStore, browsers: Browsers, clock: Clock): Presence {
  return {
    async signedIn(request) {
      const tokenHash = browsers.sessionTokenHash(request)
      return tokenHash === undefined ? undefined : sessions.find(tokenHash, clock())
    },
    async standing(request, clientId) {
      const tokenHash = browsers.sessionTokenHash(request)
      return tokenHash === undefined ? undefined : sessions.standing(tokenHash, clientId, clock())
    },
  }
}
