import type { FastifyPluginAsync } from 'fastify'
import {
  type DevicesDeps,
  devicesOf,
  endAllDevices,
  endDevice,
  endOtherDevices,
} from '../../domain/sessions/devices.ts'
import type { AccountDoor } from '../../http/account-door.ts'
import { sendAccountPage } from '../../http/account-page.tsx'
import type { Browsers } from '../../http/session/browser.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { afterSignOutEverywherePath, paths } from '../../http/paths.ts'
import { sessionsView } from './view.tsx'
import { doneNotice } from '../../http/query.ts'

export interface SessionsDeps extends DevicesDeps {
  readonly door: AccountDoor
  readonly browsers: Browsers
}

/** The devices on which a person is signed in: looks at them, and signs them out. */
export function sessions(deps: SessionsDeps): FastifyPluginAsync {
  const { door, browsers } = deps

  return async (app) => {
    app.get(paths.sessions, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { account, session } = signedIn
      const { words, locale } = languageOf(request)
      const { one, others } = words.devices.done
      const csrf = browsers.csrfToken(request, reply)
      const body = sessionsView({
        words,
        moments: createMoments(locale.lang, account.claims.zoneinfo),
        action: paths.sessions,
        csrf,
        devices: await devicesOf(deps, account.id, session.id),
        notice: doneNotice(request, { one, others }),
      })
      const { title } = words.devices
      return sendAccountPage(reply, { section: 'sessions', title, body, signedIn, csrf })
    })

    app.post(paths.sessions, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      if (signedIn === undefined) return reply
      const { account, session } = signedIn
      const form = readForm(request, ['session', 'all'])
      switch (form.all) {
        case 'everywhere':
          await endAllDevices(deps, account.id, request.ip)
          return reply.redirect(afterSignOutEverywherePath, 303)
        case 'others':
          await endOtherDevices(deps, account.id, session.id, request.ip)
          return reply.redirect(`${paths.sessions}?done=others`, 303)
        case '':
          if ((await endDevice(deps, account.id, form.session, request.ip)) === 'not_found')
            throw new PageError('not_found', { status: 404, hint: 'session is not the person’s' })
          return reply.redirect(`${paths.sessions}?done=one`, 303)
        default:
          throw new PageError('invalid_request', { hint: 'all is none of others, everywhere' })
      }
    })
  }
}
