import type { FastifyError, FastifyInstance } from 'fastify'

const WORDS: Readonly<Record<number, readonly [error: string, description: string]>> = {
  400: ['invalid_request', 'The request could not be understood.'],
  413: ['content_too_large', 'The body is too large.'],
  415: ['unsupported_media_type', 'A body of this type is not accepted here.'],
  429: ['too_many_requests', 'Too many requests; try again later.'],
}

/** Makes every error JSON of one shape; what is not the caller's fault goes to the log and nowhere else. */
export function jsonErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500
    reply.header('cache-control', 'no-store')
    if (status >= 400 && status < 500) {
      const [code, description] = WORDS[status] ?? ['invalid_request', 'The request was refused.']
      request.log.info({ code: error.code, status }, 'request refused')
      return reply.code(status).send({ error: code, error_description: description })
    }
    request.log.error({ err: error }, 'request failed')
    return reply.code(500).send({
      error: 'server_error',
      error_description: `Something went wrong here. Reference: ${request.id}`,
    })
  })

  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .header('cache-control', 'no-store')
      .send({ error: 'not_found', error_description: 'There is nothing here.' }),
  )
}
