import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type SignedIn, isFresh } from '../../domain/sessions/session.ts'
import { PROFILE_FIELDS, parseProfile, profileValue } from '../../domain/users/parse-profile.ts'
import { type ProfileDeps as ProfileChangeDeps, changeProfile } from '../../domain/users/profile.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { paths, signInFirst } from '../../http/paths.ts'
import { type ProfileProps, profileView } from './view.tsx'
import { doneNotice } from '../../http/query.ts'

export interface ProfileDeps extends ProfileChangeDeps {
  readonly door: AccountDoor
  readonly browsers: Browsers
}

/** The standard claims that are the person's own: shows them and changes them. */
export function profile(deps: ProfileDeps): FastifyPluginAsync {
  const { door, browsers, clock } = deps

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    { values, faults }: Pick<ProfileProps, 'values' | 'faults'>,
  ) {
    const { words } = languageOf(request)
    const csrf = browsers.csrfToken(request, reply)
    const error = Object.keys(faults).length > 0
    const body = profileView({
      words,
      action: paths.profile,
      csrf,
      values,
      faults,
      // Nobody types what would be lost on the way to confirming.
      confirmHref: isFresh(signedIn.session, clock()) ? undefined : signInFirst(paths.profile),
      notice: error ? undefined : doneNotice(request, { saved: words.profile.saved }),
    })
    const { title } = words.profile
    return sendAccountPage(reply, { section: 'profile', title, body, signedIn, csrf, error })
  }

  return async (app) => {
    app.get(paths.profile, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { claims } = signedIn.account
      const values = Object.fromEntries(
        PROFILE_FIELDS.map((field) => [field, profileValue(claims, field)]),
      )
      return show(request, reply, signedIn, { values, faults: {} })
    })

    app.post(paths.profile, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { account } = signedIn
      const values = readForm(request, PROFILE_FIELDS)
      const parsed = parseProfile(values, account.claims, clock())
      if (parsed.kind === 'faulty') {
        void reply.status(422)
        return show(request, reply, signedIn, { values, faults: parsed.faults })
      }
      await changeProfile(deps, account.id, parsed.changes, request.ip)
      return reply.redirect(`${paths.profile}?done=saved`, 303)
    })
  }
}
