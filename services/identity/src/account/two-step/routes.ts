import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { MAX_AUTHENTICATORS } from '../../domain/factors/activate.ts'
import { factorPolicy } from '../../domain/factors/policy.ts'
import { endAllTrustedDevices, endTrustedDevice } from '../../domain/trusted-devices/end.ts'
import { createTrustedDeviceStore } from '../../domain/trusted-devices/store.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language/language.ts'
import { createMoments } from '../../http/language/moments.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { paths } from '../../http/paths.ts'
import { add } from './add.ts'
import { codes } from './codes.ts'
import { item } from './item.ts'
import { type TwoStepDeps, sendRoom } from './room.ts'
import { twoStepView } from './view.tsx'
import { doneNotice } from '../../http/query.ts'

/** The second step of a person's sign-in: what it consists of, and the ways to change it. */
export function twoStep(deps: TwoStepDeps): FastifyPluginAsync {
  const { door, browsers, factors, settings, clock } = deps

  return async (app) => {
    app.get(paths.twoStep, async (request, reply) => {
      const signedIn = await door.enter(request, reply)
      if (signedIn === undefined) return reply
      const { words, locale } = languageOf(request)
      const { id, roles, claims } = signedIn.account
      const [authenticators, counts, trusted] = await Promise.all([
        factors.authenticatorsOf(id),
        factors.factorsOf(id),
        createTrustedDeviceStore(deps.database.db).devicesOf(id, clock()),
      ])
      const body = twoStepView({
        words,
        moments: createMoments(locale.lang, claims.zoneinfo),
        csrf: browsers.csrfToken(request, reply),
        authenticators,
        mayAdd: authenticators.length < MAX_AUTHENTICATORS,
        factors: counts,
        trusted,
        required: factorPolicy(settings(), roles).required,
        notice: doneNotice(request, words.twoStep.done),
      })
      return sendRoom(deps, request, reply, signedIn, { title: words.twoStep.title, body })
    })

    app.post(paths.twoStep, async (request, reply) => {
      const signedIn = await door.enterFresh(request, reply)
      return signedIn === undefined ? reply : endTrust(request, reply, signedIn.account.id)
    })

    await app.register(add(deps))
    await app.register(codes(deps))
    await app.register(item(deps))
  }

  /** One trusted browser, or all of them. */
  async function endTrust(request: FastifyRequest, reply: FastifyReply, userId: string) {
    const form = readForm(request, ['device', 'all'])
    if (form.all === 'devices') {
      await endAllTrustedDevices(deps, userId, request.ip)
      return reply.redirect(`${paths.twoStep}?done=all-untrusted`, 303)
    }
    if ((await endTrustedDevice(deps, userId, form.device, request.ip)) === 'not_found')
      throw new PageError('not_found', { status: 404, hint: 'no browser that the person trusts' })
    return reply.redirect(`${paths.twoStep}?done=untrusted`, 303)
  }
}
