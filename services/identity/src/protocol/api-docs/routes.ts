import type { FastifyPluginAsync } from 'fastify'
import type { Api } from '../../http/api/operation.ts'
import { languageOf } from '../../http/language/language.ts'
import { openApiDocument } from '../../http/openapi/document.ts'
import { type OperationReference, operationReference } from '../../http/openapi/reference.ts'
import { schemaBook } from '../../http/openapi/schemas.ts'
import { apiProblemsPath, operationPath, paths } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { DOCS_STYLE, docsFrame, operationView, overviewView, problemsView } from './view.tsx'

export interface ApiDocsDeps {
  readonly issuer: string
  readonly apis: readonly Api[]
}

/** The OpenAPI document: for every program and page, as it holds nothing that is not public. */
export function openApi({ issuer, apis }: ApiDocsDeps): FastifyPluginAsync {
  const document = JSON.stringify(openApiDocument(issuer, apis))
  return async (app) => {
    app.get(paths.openApi, async (_request, reply) =>
      reply
        .headers({
          'access-control-allow-origin': '*',
          'cache-control': 'public, max-age=300',
          'cross-origin-resource-policy': 'cross-origin',
        })
        .type('application/json; charset=utf-8')
        .send(document),
    )
  }
}

/** The same for people who write programs. */
export function apiDocs({ issuer, apis }: ApiDocsDeps): FastifyPluginAsync {
  const book = schemaBook(apis)
  const references = new Map<string, OperationReference>(
    apis.flatMap((api) =>
      api.operations.map((operation) => [
        operation.id,
        operationReference(issuer, api, operation, book),
      ]),
    ),
  )
  const look = { style: DOCS_STYLE, frame: docsFrame }

  return async (app) => {
    app.get(paths.apiDocs, async (request, reply) => {
      const { words } = languageOf(request)
      const title = words.api.docs.title
      return sendPage(reply, { ...look, title, body: overviewView({ words, apis }) })
    })
    app.get(apiProblemsPath, async (request, reply) => {
      const { words } = languageOf(request)
      const title = words.api.docs.problems
      return sendPage(reply, { ...look, title, body: problemsView({ words }) })
    })
    app.get<{ Params: { id: string } }>(operationPath(':id'), async (request, reply) => {
      const of = references.get(request.params.id)
      if (of === undefined) return reply.callNotFound()
      const { words } = languageOf(request)
      const title = of.operation.summary
      return sendPage(reply, { ...look, title, body: operationView({ words, of }) })
    })
  }
}
