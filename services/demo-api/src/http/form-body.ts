import type { FastifyInstance } from 'fastify'

/** Lets the routes of a scope read HTML forms; a repeated field keeps its first value. */
export function formBody(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      const fields: Record<string, string> = Object.create(null) as Record<string, string>
      for (const [name, value] of new URLSearchParams(String(body))) fields[name] ??= value
      done(null, fields)
    },
  )
}
