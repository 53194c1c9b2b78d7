import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { isUnavailable } from '../platform/db/unavailable.ts'
import type { Browsers } from './session/browser.ts'
import { errorTitle, errorView } from './errors/error-view.tsx'
import type { FaultReport } from './errors/fault-report.ts'
import { FAULT_STYLE } from './errors/fault-view.tsx'
import { languageOf } from './language/language.ts'
import type { LanguageChoice } from './language/language-choice.ts'
import { PageError } from './errors/page-error.ts'
import { EVERY_PAGE } from './security-headers.ts'
import { sendPage } from './send-page.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The form comes from an application's own page (OIDC Core 1.0 §3.1.2.1, RP-Initiated Logout 1.0 §2). */
    crossSiteForm?: boolean
    /** The form may have been open since before a sign-in in another tab of the same browser. */
    formOutlivesSignIn?: boolean
  }
}

export interface FrontChannelDeps {
  readonly browsers: Browsers
  readonly faults: FaultReport
  readonly languages: LanguageChoice
  /** Scheme, host and port of the issuer. */
  readonly origin: string
  readonly slices: readonly FastifyPluginAsync[]
}

/** What runs before every page: headers, the check that a form is our own, and error pages. No slice can forget it. */
export function frontChannel({
  browsers,
  faults,
  languages,
  origin,
  slices,
}: FrontChannelDeps): FastifyPluginAsync {
  return async (app) => {
    app.removeContentTypeParser(['application/json', 'text/plain'])
    app.addHook('onRequest', async (request, reply) => {
      void reply.headers(EVERY_PAGE)
      if (languages.take(request, reply)) return reply
    })
    app.addHook('preHandler', async (request) => {
      const { crossSiteForm, formOutlivesSignIn } = request.routeOptions.config
      if (request.method !== 'POST' || crossSiteForm === true) return
      const token = csrfField(request)
      const isOurs =
        browsers.csrfTokenMatches(request, token) ||
        (formOutlivesSignIn === true && browsers.csrfTokenFromSignedOut(request, token))
      if (!isSameSite(request, origin) || !isOurs)
        throw new PageError('forbidden_form', {
          status: 403,
          // The same page by GET brings a fresh form: a second tab or a signed-out browser goes on from there.
          actions: [{ label: languageOf(request).words.actions.continue, href: request.url }],
          hint: 'the form was not made for this browser and session',
        })
    })
    app.setErrorHandler<FastifyError | PageError>(async (error, request, reply) =>
      sendErrorPage(toPageError(error, request), request, reply, faults),
    )
    for (const slice of slices) await app.register(slice)
  }
}

/** Sends an error as a page, with its id; what the check knows only where nobody is a stranger. */
export function sendErrorPage(
  error: PageError,
  request: FastifyRequest,
  reply: FastifyReply,
  faults: FaultReport,
): FastifyReply {
  const { kind, status } = error
  const { app, actions, headers, why, hint } = error.options
  const fault = faults.refused(request, reply, { code: kind, status, why, hint })
  void reply.status(status).headers({ ...EVERY_PAGE, ...headers })
  const { words } = languageOf(request)
  const shown = faults.open ? fault : undefined
  const props = { words, kind, errorId: fault.id, at: fault.at, app, fault: shown, actions }
  return sendPage(reply, {
    title: errorTitle(props),
    body: errorView(props),
    app,
    error: true,
    ...(shown !== undefined && { style: FAULT_STYLE }),
  })
}

function toPageError(error: FastifyError | PageError, request: FastifyRequest): PageError {
  if (error instanceof PageError) return error
  const status = error.statusCode ?? 500
  if (status === 429) return new PageError('too_many_requests', { status })
  if (status >= 400 && status < 500)
    return new PageError('invalid_request', { status, hint: error.message })
  if (isUnavailable(error)) {
    request.log.error({ err: error }, 'database unavailable')
    return new PageError('unavailable', { status: 503, headers: { 'retry-after': '5' } })
  }
  request.log.error({ err: error }, 'unexpected error')
  return new PageError('server_error', { status: 500 })
}

/** Whether a form came from another site, so that our Lax cookies stayed behind. */
export function isCrossSitePost(request: FastifyRequest, own: string): boolean {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (request.method !== 'POST') return false
  return site === undefined
    ? origin !== undefined && origin !== own
    : site !== 'same-origin' && site !== 'none'
}

/**
 * Fetch metadata first, Origin where a browser lacks it. `Origin: null` decides nothing: our own pages send it,
 * as their referrer policy is `no-referrer`.
 */
function isSameSite({ headers }: FastifyRequest, own: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return headers.origin === undefined || headers.origin === 'null' || headers.origin === own
}

function csrfField({ body }: FastifyRequest): string {
  const value = typeof body === 'object' && body !== null && 'csrf' in body ? body.csrf : undefined
  return typeof value === 'string' ? value : ''
}
