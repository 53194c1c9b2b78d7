import type { FastifyInstance, HTTPMethods } from 'fastify'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Answers every other method on a path with 405 and what is allowed. RFC 9110 §15.5.6 */
export function methodNotAllowed(
  app: FastifyInstance,
  url: string,
  allowed: readonly HTTPMethods[],
): void {
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    // Before any body is read: a wrong content type must not turn this into a 415.
    onRequest: async (_request, reply) =>
      reply
        .code(405)
        .header('allow', allowed.join(', '))
        .send({ error: 'method_not_allowed', error_description: `Use ${allowed.join(' or ')}.` }),
    handler: async (_request, reply) => reply.code(405).send(),
  })
}
