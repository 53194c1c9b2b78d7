import { stepUpPath, type Fetch, type Session, type ShowProblem } from '@signet/shared/bff'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { formBody } from '../http/form-body.ts'
import { methodNotAllowed } from '../http/method-not-allowed.ts'
import type { Asset, Assets } from './assets.ts'
import { clearView, type ClearModel } from './clear-view.ts'
import { createNotesClient, type ApiProblem } from './notes-client.ts'
import { page } from './page.ts'
import type { Draft } from './signed-in.ts'
import { signedInView } from './signed-in-view.ts'
import { notConfiguredView, signedOutView } from './signed-out-view.ts'

export interface FrontDeps {
  readonly assets: Assets
  readonly issuer: string
  readonly api: Fetch
  readonly baseUrl: string
  readonly mode: 'bff' | 'tmb'
  /** Whether the backend for sign-in (`app.bff`) is there. */
  readonly configured: boolean
}

type Look = Pick<FrontDeps, 'assets' | 'issuer' | 'mode'>
type Fields = Readonly<Record<string, string>>

const SIGN_IN_PROBLEMS = {
  access_denied: 'You chose not to sign in. Nothing was shared with this app.',
  expired:
    'That sign-in was not started in this browser, was already used, or took too long. Please start again.',
  failed: 'The identity service gave an answer that this app could not accept. Please try again.',
  too_large: 'Your account holds more than this app can keep in its cookies.',
  unavailable: 'The identity service does not answer at the moment. Please try again in a minute.',
} as const

/** Shows a failed sign-in on the front page, in words. */
export function showSignInProblem({ assets, issuer, mode }: Look): ShowProblem {
  return (_request, reply, { status, code }) =>
    sendPage(reply.code(status), page(assets, signedOutView(issuer, mode, SIGN_IN_PROBLEMS[code])))
}

/** The pages of the demo app. Everything works as plain links and forms; the script only makes it quicker. */
export function frontRoutes(deps: FrontDeps): FastifyPluginAsync {
  const { assets, issuer, mode, configured, baseUrl } = deps
  const notes = createNotesClient(deps.api, baseUrl)
  const home = new URL('/', baseUrl).href

  return async (app) => {
    // Only forms: a JSON body could hold anything under the names of fields.
    app.removeAllContentTypeParsers()
    formBody(app)
    for (const asset of [assets.css, assets.script]) serve(asset.path, asset)
    for (const path of [assets.icon.path, '/favicon.ico']) serve(path, assets.icon)

    function serve(path: string, { type, content }: Asset): void {
      app.get(path, { logLevel: 'warn' }, async (_request, reply) =>
        reply
          .header('content-type', type)
          .header('cache-control', 'public, max-age=31536000, immutable')
          .send(content),
      )
    }

    /** The living session, or undefined when the answer (a signed-out page) is already sent. */
    async function current(request: FastifyRequest, reply: FastifyReply, signedOutStatus = 200) {
      const result = await app.bff.fresh(request, reply)
      if (result.status === 'ok') return { session: result.session, renewable: true }
      const session = app.bff.session(request)
      // The issuer is away and the token is old: the person stays signed in, the API has to wait.
      if (result.status === 'unavailable' && session !== undefined)
        return { session, renewable: false }
      const ended =
        result.status === 'ended' ? 'Your session has ended. Please sign in again.' : undefined
      sendPage(reply.code(signedOutStatus), page(assets, signedOutView(issuer, mode, ended)))
      return undefined
    }

    async function show(
      reply: FastifyReply,
      { session, renewable }: { session: Session; renewable: boolean },
      { all = false, draft }: { all?: boolean; draft?: Draft },
    ) {
      const list = renewable
        ? await notes.list(session.accessToken, all)
        : ({ ok: false, problem: issuerAway } as const)
      const token = app.bff.describeToken(session)
      const { user, csrfToken } = session
      const view = signedInView({ user, csrfToken, token, list, all, draft, mode, issuer })
      return sendPage(reply, page(assets, view, mode))
    }

    app.get('/', async (request, reply) => {
      if (!configured) return sendPage(reply, page(assets, notConfiguredView()))
      const person = await current(request, reply)
      if (person === undefined) return reply
      const { all } = request.query as Record<string, unknown>
      return show(reply, person, { all: all === 'true' })
    })
    methodNotAllowed(app, '/', ['GET', 'HEAD'])

    if (!configured) {
      app.get('/bff/login', async (_request, reply) =>
        sendPage(reply.code(503), page(assets, notConfiguredView())),
      )
      return
    }

    /** The session of a form post that came from our own page; undefined when it is already answered. */
    async function owner(request: FastifyRequest, reply: FastifyReply) {
      const person = await current(request, reply, 403)
      if (person === undefined) return undefined
      const { csrf_token: token } = (request.body ?? {}) as Fields
      if (app.bff.isOwnForm(request, person.session, token)) return person
      const problem =
        'This form did not come from this page, or was left open too long. Please try again.'
      await show(reply.code(403), person, { draft: { text: '', problem } })
      return undefined
    }

    app.post('/app/notes', async (request, reply) => {
      const person = await owner(request, reply)
      if (person === undefined) return reply
      const { text = '' } = request.body as Fields
      if (text.trim() === '') {
        return show(reply.code(400), person, { draft: { text, problem: 'Write something first.' } })
      }
      const result = person.renewable
        ? await notes.add(person.session.accessToken, text)
        : ({ ok: false, problem: issuerAway } as const)
      if (result.ok) return reply.redirect(`${home}#notes`, 303)
      const { status, words } = result.problem
      return show(reply.code(status), person, { draft: { text, problem: words } })
    })

    app.post<{ Params: { id: string } }>('/app/notes/:id/delete', async (request, reply) => {
      const person = await owner(request, reply)
      if (person === undefined) return reply
      const result = person.renewable
        ? await notes.remove(person.session.accessToken, request.params.id)
        : ({ ok: false, problem: issuerAway } as const)
      if (result.ok) return reply.redirect(`${home}?all=true#notes`, 303)
      const { status, words } = result.problem
      return show(reply.code(status), person, { draft: { text: '', problem: words }, all: true })
    })

    function showClear(
      reply: FastifyReply,
      { session }: { session: Session },
      more: Pick<ClearModel, 'proved' | 'problem'>,
    ) {
      const { csrfToken } = session
      return sendPage(reply, page(assets, clearView({ csrfToken, issuer, ...more }), mode))
    }

    app.get('/delete-all', async (request, reply) => {
      const person = await current(request, reply)
      if (person === undefined) return reply
      const { proved } = request.query as Record<string, unknown>
      return showClear(reply, person, { proved: proved === '1', problem: undefined })
    })
    methodNotAllowed(app, '/delete-all', ['GET', 'HEAD'])

    app.post('/app/notes/delete-all', async (request, reply) => {
      const person = await owner(request, reply)
      if (person === undefined) return reply
      const proved = (request.body as Fields)['proved'] === '1'
      const result = person.renewable
        ? await notes.clear(person.session.accessToken)
        : ({ ok: false, problem: issuerAway } as const)
      if (result.ok) return reply.redirect(`${home}#notes`, 303)
      if ('problem' in result) {
        const { status, words } = result.problem
        return showClear(reply.code(status), person, { proved, problem: words })
      }
      const { stepUp } = result
      // Whoever comes back as weak as before has nothing more to show: going there again would not end.
      const { acr } = app.bff.describeToken(person.session).claims ?? {}
      const isTooOld = typeof acr === 'string' && stepUp.acrValues.includes(acr)
      if (proved && !isTooOld)
        return showClear(reply.code(403), person, { proved: false, problem: 'weak' })
      return reply.redirect(new URL(stepUpPath(stepUp, '/delete-all?proved=1'), baseUrl).href, 303)
    })
    methodNotAllowed(app, '/app/notes/delete-all', ['POST'])
    methodNotAllowed(app, '/app/notes', ['POST'])
    methodNotAllowed(app, '/app/notes/:id/delete', ['POST'])
  }
}

const issuerAway: ApiProblem = {
  status: 503,
  words:
    'Your access token has run out and the identity service does not answer. You are still signed in; try again in a moment.',
}

function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('vary', 'Cookie')
    .send(text)
}
