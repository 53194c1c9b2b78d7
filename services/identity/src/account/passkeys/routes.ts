import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { MAX_PASSKEYS } from '../../domain/factors/add-passkey.ts'
import { single, toParameters } from '../../domain/oauth/parameters.ts'
import { parsePasskeyName } from '../../domain/passkeys/name.ts'
import { type Passkey, createPasskeyStore } from '../../domain/passkeys/store.ts'
import { AAL2 } from '../../domain/oauth/acr.ts'
import { type SignedIn, shownHere, withSecondFactor } from '../../domain/sessions/session.ts'
import { type RemovePasskeyDeps, removePasskey } from '../../domain/ways-in/remove-passkey.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import { basisOfSession } from '../../http/sign-in/factor-basis.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { type NewPasskeyDeps, takeNewPasskey } from '../../http/sign-in/new-passkey.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { doneNotice } from '../../http/query.ts'
import { paths } from '../../http/paths.ts'
import type { SignInGate } from '../../http/sign-in/gate.ts'
import { type OnePasskeyProps, newPasskeyView, onePasskeyView, passkeysView } from './view.tsx'

export interface PasskeysRoomDeps extends NewPasskeyDeps, RemovePasskeyDeps {
  readonly door: AccountDoor
  readonly gate: SignInGate
}

/** A person's passkeys: looks at them, adds, renames and removes them. */
export function passkeysRoom(deps: PasskeysRoomDeps): FastifyPluginAsync {
  const { door, gate, passkeys, browsers } = deps
  const store = createPasskeyStore(deps.database.db)

  function send(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    page: { readonly title: string; readonly body: VNode; readonly error?: boolean },
  ) {
    const csrf = browsers.csrfToken(request, reply)
    return sendAccountPage(reply, { section: 'passkeys', signedIn, csrf, ...page })
  }

  async function showNew(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    problem?: string,
  ) {
    const { words } = languageOf(request)
    const { id, email, claims } = signedIn.account
    const prompt = await passkeys.forNew(request, reply, { id, email, name: claims.name })
    const csrf = browsers.csrfToken(request, reply)
    const body = newPasskeyView({ words, csrf, prompt, problem })
    const { title } = words.passkeys.make
    return send(request, reply, signedIn, { title, body, error: problem !== undefined })
  }

  function showOne(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    passkey: Passkey,
    state: Pick<OnePasskeyProps, 'typed' | 'stays'> = {},
  ) {
    const { words } = languageOf(request)
    const csrf = browsers.csrfToken(request, reply)
    const body = onePasskeyView({ words, csrf, passkey, ...state })
    const error = state.typed !== undefined || state.stays !== undefined
    return send(request, reply, signedIn, { title: passkey.name, body, error })
  }

  /** The passkey that the address names. Throws a PageError when it is not this person's. */
  async function named(request: FastifyRequest, { account }: SignedIn): Promise<Passkey> {
    const id = single(toParameters(request.query), 'id')
    const found = (await store.passkeysOf(account.id)).find((passkey) => passkey.id === id)
    if (found === undefined)
      throw new PageError('not_found', { status: 404, hint: 'passkey is not the person’s' })
    return found
  }

  async function remove(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    passkey: Passkey,
  ) {
    const { removed } = passkeys.letters(request)
    const outcome = await removePasskey(deps, passkey.userId, passkey.id, request.ip, removed)
    switch (outcome) {
      case 'last_way_in':
      case 'required':
        return showOne(request, reply.status(409), signedIn, passkey, { stays: outcome })
      // Pressed twice: it is gone, and was this person's.
      case 'not_found':
      case 'removed':
        return reply.redirect(`${paths.passkeys}?done=removed`, 303)
    }
  }

  /** Whoever makes a passkey has used it: the session counts as one with a second factor. */
  async function goOn(
    request: FastifyRequest,
    reply: FastifyReply,
    { session }: SignedIn,
    made: readonly string[],
  ) {
    const next = `${paths.passkeys}?done=added`
    const shown = withSecondFactor(session.amr, made)
    const isRaised =
      shownHere(session) !== AAL2 &&
      (await gate.raise(request, reply, session, shown, { next })) === 'answered'
    return isRaised ? reply : reply.redirect(next, 303)
  }

  return async (app) => {
    app.get(paths.passkeys, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { words, locale } = languageOf(request)
      const { id, claims } = signedIn.account
      const body = passkeysView({
        words,
        moments: createMoments(locale.lang, claims.zoneinfo),
        passkeys: await store.passkeysOf(id),
        maximum: MAX_PASSKEYS,
        notice: doneNotice(request, words.passkeys.room.done),
      })
      return send(request, reply, signedIn, { title: words.passkeys.room.title, body })
    })

    app.get(paths.addPasskey, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      return signedIn === undefined ? reply : showNew(request, reply, signedIn)
    })

    app.post(paths.addPasskey, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { session, account } = signedIn
      const added = await takeNewPasskey(deps, request, account.id, basisOfSession(session))
      if (added.kind === 'added') return goOn(request, reply, signedIn, added.amr)
      // Signed out, or with a second factor by now: the way in says what is to be shown.
      if (added.kind === 'overtaken') return reply.redirect(paths.addPasskey, 303)
      const { make, room } = languageOf(request).words.passkeys
      const problem = added.kind === 'too_many' ? room.full(MAX_PASSKEYS) : make.failed
      return showNew(request, reply.status(422), signedIn, problem)
    })

    app.get(paths.onePasskey, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      return showOne(request, reply, signedIn, await named(request, signedIn))
    })

    app.post(paths.onePasskey, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const form = readForm(request, ['action', 'name'])
      const passkey = await named(request, signedIn)
      switch (form.action) {
        case 'remove':
          return remove(request, reply, signedIn, passkey)
        case 'rename': {
          const name = parsePasskeyName(form.name)
          if (name === undefined)
            return showOne(request, reply.status(422), signedIn, passkey, { typed: form.name })
          await store.rename(passkey.userId, passkey.id, name)
          return reply.redirect(`${paths.passkeys}?done=renamed`, 303)
        }
        default:
          throw new PageError('invalid_request', { hint: 'action is none of rename, remove' })
      }
    })
  }
}
