import { createHash } from 'node:crypto'
import type { Provider, TokenSet } from './provider.ts'
import { ProviderError } from './provider-error.ts'
import { createRecent } from './recent.ts'
import type { Session } from './session.ts'

export type Refreshed =
  | { readonly status: 'ok'; readonly session: Session }
  | { readonly status: 'ended' }
  | { readonly status: 'unavailable'; readonly cause: ProviderError }

// A token is renewed this long before its end, so that it does not die on the way to the API.
const LEEWAY_SECONDS = 10
// Calls that left the browser before the new cookie came still carry the old refresh token.
const SHARED_MS = 60_000
const FAILURE_MS = 1000

/**
 * Keeps access tokens alive: one refresh per pair of tokens, however many calls need it, and latecomers get
 * the same answer for a minute. An issuer that is away ends no session.
 */
export function createRefresher(provider: Pick<Provider, 'refresh'>, clock: () => number) {
  const startedAt = Math.floor(clock() / 1000)
  const renewals = createRecent<Promise<Refreshed>>(5000, clock)

  async function request(session: Session, refreshToken: string): Promise<Refreshed> {
    try {
      return {
        status: 'ok',
        session: renewed(session, await provider.refresh(refreshToken, session.sub), clock),
      }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return error.kind === 'ended' ? { status: 'ended' } : { status: 'unavailable', cause: error }
    }
  }

  /** Takes new tokens whether or not the old ones are still good. */
  async function renew(session: Session): Promise<Refreshed> {
    if (session.refreshToken === null) return { status: 'ended' }
    // Both tokens: where refresh tokens do not rotate, the next renewal must not find this one.
    const tokens = `${session.refreshToken} ${session.accessToken}`
    const name = createHash('sha256').update(tokens).digest('base64url')
    const running = renewals.get(name)
    if (running !== undefined) return running
    const renewal = request(session, session.refreshToken)
    renewals.set(name, renewal, SHARED_MS)
    const result = await renewal
    if (result.status === 'unavailable') renewals.set(name, renewal, FAILURE_MS)
    return result
  }

  return {
    renew,
    /** The session as it is while its access token lives, else a renewed one. */
    async fresh(session: Session): Promise<Refreshed> {
      // Which sessions ended before this process began is forgotten: the issuer is asked once whether this one did.
      const isKnown = session.tokensAt >= startedAt || session.refreshToken === null
      const alive = isKnown && session.accessExpiresAt - LEEWAY_SECONDS > clock() / 1000
      if (alive) return { status: 'ok', session }
      const result = await renew(session)
      const usable = session.accessExpiresAt > clock() / 1000
      // Inside the leeway the old token still serves.
      const isOver = result.status === 'ended' && !isKnown
      return result.status === 'ok' || isOver || !usable ? result : { status: 'ok', session }
    },
  }
}

export type Refresher = ReturnType<typeof createRefresher>

function renewed(session: Session, tokens: TokenSet, clock: () => number): Session {
  return {
    ...session,
    tokensAt: Math.floor(clock() / 1000),
    accessToken: tokens.accessToken,
    accessExpiresAt: tokens.accessExpiresAt,
    // An issuer that does not rotate sends none, and the old one stays good. RFC 6749 §6
    refreshToken: tokens.refreshToken ?? session.refreshToken,
    idToken: tokens.idToken ?? session.idToken,
    scopes: tokens.scopes ?? session.scopes,
  }
}
