import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { isErrorId } from '../../domain/faults/fault.ts'
import { shownFault } from '../../domain/faults/explanation.ts'
import { malformation, single, toParameters } from '../../domain/oauth/parameters.ts'
import type { FaultReport } from '../../http/errors/fault-report.ts'
import { FAULT_STYLE } from '../../http/errors/fault-view.tsx'
import { languageOf } from '../../http/language/language.ts'
import { PageError } from '../../http/errors/page-error.ts'
import { paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { faultView, referenceView, unknownFaultView } from './view.tsx'

export interface ErrorPageDeps {
  readonly faults: FaultReport
}

/**
 * Where `error_uri` leads. Strangers learn nothing here: the id is not looked up for them, so that known and unknown
 * ids give the same page.
 */
export function errorPage({ faults }: ErrorPageDeps): FastifyPluginAsync {
  async function explain(request: FastifyRequest, reply: FastifyReply, id: string) {
    const fault = await faults.find(id)
    if (wantsJson(request))
      return fault === undefined
        ? reply.status(404).send({ error: 'not_found' })
        : reply.send(shownFault(fault))
    const { words } = languageOf(request)
    if (fault !== undefined) {
      const body = faultView(words, fault)
      return sendPage(reply, { title: words.faults.title, body, style: FAULT_STYLE })
    }
    const body = unknownFaultView(words, id)
    return sendPage(reply.status(404), { title: words.faults.unknownTitle, body, error: true })
  }

  return async (app) => {
    app.get(paths.error, async (request, reply) => {
      const query = toParameters(request.query)
      const id = single(query, 'id')
      if (id === undefined || malformation(query) !== undefined || !isErrorId(id))
        throw new PageError('invalid_request', { hint: 'id is not that of an error' })
      if (faults.open) return explain(request, reply, id)
      const { words } = languageOf(request)
      return sendPage(reply, { title: words.faults.title, body: referenceView(words, id) })
    })
  }
}

function wantsJson({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('application/json') && !accept.includes('text/html')
}
