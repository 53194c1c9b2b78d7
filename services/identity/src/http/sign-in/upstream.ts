import type { FastifyReply, FastifyRequest } from 'fastify'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import type { ProviderDirectory } from '../../domain/upstream/directory.ts'
import { UpstreamError } from '../../domain/upstream/refusal.ts'
import {
  type Arrival,
  TRANSACTION_TTL_SECONDS,
  type Transaction,
  type UpstreamSeals,
  createUpstreamSeals,
} from '../../domain/upstream/transaction.ts'
import { type Clock, addSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { randomToken } from '../../platform/crypto/random.ts'
import type { Browsers } from '../session/browser.ts'
import type { CookieJar } from '../session/cookies.ts'
import type { ProviderOffer } from '../parts/provider-button.tsx'
import { type Onward, paths, providerCallbackPath, providerPath } from '../paths.ts'
import type { Presence } from '../session/presence.ts'

export interface UpstreamDeps {
  readonly directory: ProviderDirectory
  readonly issuer: string
  readonly jar: CookieJar
  readonly ring: KeyRing
  readonly browsers: Browsers
  readonly presence: Presence
  readonly clock: Clock
}

/** What a visit is for, beside where it leads. */
export interface Purpose {
  readonly onward: Onward
  /** The person who connects a provider, in this session. */
  readonly connect?: Transaction['connect']
}

/** Visits to providers: what every page with a button needs, and the cookies that bind a visit to its browser. */
export interface Upstream {
  readonly directory: ProviderDirectory
  readonly seals: UpstreamSeals
  /** The buttons of a page; none where no provider is configured. */
  offers(request: FastifyRequest, onward: Onward): readonly ProviderOffer[]
  /** Sends the person to a provider. Rejects with an UpstreamError. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    providerId: string,
    purpose: Purpose,
  ): Promise<FastifyReply>
  /** The visit that this callback is of, if it began in this browser not long ago. */
  take(request: FastifyRequest, providerId: string): Transaction | undefined
  /** Removes the cookies of a visit that is over: opened again, its callback belongs to no visit. */
  end(request: FastifyRequest, reply: FastifyReply, visit: Pick<Transaction, 'state'>): void
  redirectUri(providerId: string): string
  /** Whom a provider has named and who has something left to show, from the address of the page that asks for it. */
  arrival(request: FastifyRequest): Arrival | undefined
  /** The same, from the address of the sign-in page that such a person passes first. */
  arrivalAfterSignIn(request: FastifyRequest): Arrival | undefined
  /** Where a new visit leads. One begun by somebody who already waits leads to where their first visit did. */
  wayBeyondArrival(request: FastifyRequest, onward: Onward): Onward
  remember(reply: FastifyReply, providerId: string): void
  forget(request: FastifyRequest, reply: FastifyReply): void
}

/** Visits that one browser may have begun and not finished, in several tabs. The oldest make room for new ones. */
const MAX_VISITS = 4
const MAX_CHARACTERS = 16_000
/** Browsers keep 4096 characters with name and attributes (RFC 6265 §6.1). */
const PIECE = 3800
const ONE_YEAR_SECONDS = 31_536_000

export function createUpstream(deps: UpstreamDeps): Upstream {
  const { directory, issuer, jar, browsers, presence, clock } = deps
  const seals = createUpstreamSeals(deps.ring)
  const redirectUri = (id: string) => `${issuer}${providerCallbackPath(id)}`

  // The state is in the address and the history; the cookie only shows that the visit began in this browser.
  const nameOf = (state: string) => `${jar.upstream}_${sha256(state).slice(0, 12)}`
  const isOurs = (name: string) => name.startsWith(`${jar.upstream}_`)

  function keep(request: FastifyRequest, reply: FastifyReply, state: string, sealed: string) {
    const present = Object.keys(request.cookies).filter(isOurs)
    const visits = [...new Set(present.map((name) => name.split('.', 1)[0] ?? ''))]
    let left = MAX_CHARACTERS - sealed.length
    for (const [age, visit] of visits.toReversed().entries()) {
      const pieces = present.filter((name) => name.startsWith(`${visit}.`))
      left -= pieces.reduce((sum, name) => sum + (request.cookies[name]?.length ?? 0), 0)
      if (age + 1 >= MAX_VISITS || left < 0)
        for (const name of pieces) void reply.clearCookie(name, jar.options)
    }
    // The authorization request that goes along may be longer than one cookie.
    for (let at = 0; at * PIECE < sealed.length; at += 1) {
      const piece = sealed.slice(at * PIECE, (at + 1) * PIECE)
      const options = { ...jar.options, maxAge: TRANSACTION_TTL_SECONDS }
      void reply.setCookie(`${nameOf(state)}.${at}`, piece, options)
    }
  }

  function opened(request: FastifyRequest, sealed: string | undefined): Arrival | undefined {
    const browser = browsers.known(request)
    if (sealed === undefined || browser === undefined) return undefined
    return seals.openArrival(sealed, browser, clock())
  }

  function arrivalIn(request: FastifyRequest, next: string): Arrival | undefined {
    const query = new URLSearchParams(next.slice(paths.confirmConnection.length))
    return opened(request, query.get('arrival') ?? undefined)
  }

  return {
    directory,
    seals,
    redirectUri,
    offers(request, onward) {
      const last = request.cookies[jar.lastProvider]
      return directory.all.map(({ id, name, kind }) => {
        return { name, kind, href: providerPath(id, onward), lastUsed: id === last }
      })
    },
    async begin(request, reply, providerId, { onward, connect }) {
      const client = directory.find(providerId)
      if (client === undefined) throw new UpstreamError('failed', 'there is no such provider')
      const [state, nonce, verifier] = [randomToken(), randomToken(), randomToken()]
      // Otherwise the provider would name the same person at once, and nobody could choose another account there.
      const isAgain =
        connect === undefined &&
        (isWaiting(onward.next) || (await presence.signedIn(request)) !== undefined)
      const address = await client.address({
        redirectUri: redirectUri(providerId),
        state,
        nonce,
        challenge: sha256(verifier),
        isAgain,
      })
      const expiresAt = addSeconds(clock(), TRANSACTION_TTL_SECONDS).getTime()
      const { tx, next } = onward
      const way = { ...(tx !== undefined && { tx }), ...(next !== undefined && { next }) }
      const visit = { provider: providerId, state, nonce, verifier, onward: way, expiresAt }
      const sealed = seals.sealTransaction(
        connect === undefined ? visit : { ...visit, connect },
        browsers.bind(request, reply),
      )
      keep(request, reply, state, sealed)
      return reply.redirect(address, 303)
    },
    take(request, providerId) {
      const state = single(toParameters(request.query), 'state')
      const browser = browsers.known(request)
      if (state === undefined || browser === undefined) return undefined
      const pieces: string[] = []
      for (;;) {
        const name = `${nameOf(state)}.${pieces.length}`
        const piece = request.cookies[name]
        if (piece === undefined) break
        pieces.push(piece)
      }
      const visit = seals.openTransaction(pieces.join(''), browser, clock())
      // RFC 9700 §4.4.2: an answer is taken at the address of the provider that was asked, and nowhere else.
      return visit?.state === state && visit.provider === providerId ? visit : undefined
    },
    end(request, reply, { state }) {
      const own = Object.keys(request.cookies).filter((name) =>
        name.startsWith(`${nameOf(state)}.`),
      )
      for (const name of own) void reply.clearCookie(name, jar.options)
    },
    arrival: (request) => opened(request, single(toParameters(request.query), 'arrival')),
    arrivalAfterSignIn(request) {
      const next = single(toParameters(request.query), 'next')
      return isWaiting(next) ? arrivalIn(request, next) : undefined
    },
    wayBeyondArrival(request, onward) {
      // Nested, addresses would grow with every try until servers and browsers refuse them.
      return isWaiting(onward.next) ? (arrivalIn(request, onward.next)?.onward ?? {}) : onward
    },
    remember(reply, id) {
      void reply.setCookie(jar.lastProvider, id, { ...jar.options, maxAge: ONE_YEAR_SECONDS })
    },
    forget(request, reply) {
      if (request.cookies[jar.lastProvider] !== undefined)
        void reply.clearCookie(jar.lastProvider, jar.options)
    },
  }
}

/** Whether a way leads to the page that connects somebody who has come from a provider. */
function isWaiting(next: string | undefined): next is string {
  return next?.startsWith(`${paths.confirmConnection}?`) === true
}
