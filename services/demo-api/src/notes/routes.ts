import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { methodNotAllowed } from '../http/method-not-allowed.ts'
import type { Note, NoteStore } from './store.ts'

export interface NotesDeps {
  readonly notes: NoteStore
  readonly rateLimitPerMinute: number
}

const BODY_LIMIT_BYTES = 16_384
const MAX_TEXT_LENGTH = 2000
const PROOF_MAX_AGE_SECONDS = 300

const NewNote = z.strictObject({
  text: z
    .string('The text of a note must be a string.')
    .trim()
    .min(1, 'A note must not be empty.')
    .max(MAX_TEXT_LENGTH, `A note must not be longer than ${MAX_TEXT_LENGTH} characters.`),
})
// `?all=true` is all that a list can be asked.
const ListQuery = z.strictObject({
  all: z.enum(['true', 'false'], 'The parameter all must be true or false.').default('false'),
})

/**
 * The protected resource. Everybody sees their own notes; an admin may ask for everybody's with `?all=true`,
 * since an id has to be seen before the note can be deleted. Deleting one is for admins alone, any note; all of
 * one's own may go at once, for whoever has just shown a second factor (RFC 9470).
 */
export function notesRoutes({ notes, rateLimitPerMinute }: NotesDeps): FastifyPluginAsync {
  return async (app) => {
    app.removeContentTypeParser('text/plain')
    // One handler for all routes, since each handler keeps a count of its own.
    const preHandler = app.rateLimit({ max: rateLimitPerMinute, timeWindow: '1 minute' })
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })

    app.get(
      '/notes',
      { onRequest: app.requireScopes('notes:read'), preHandler },
      async (request, reply) => {
        const query = ListQuery.safeParse(request.query)
        if (!query.success) return reply.code(400).send(invalid(query.error))
        const { sub, roles } = request.auth
        if (query.data.all === 'false') return { notes: notes.of(sub).map(toJson) }
        if (roles.includes('admin')) return { notes: notes.all().map(toJson) }
        return reply.code(403).send({
          error: 'forbidden',
          error_description: "Only an admin sees everybody's notes.",
        })
      },
    )

    app.post(
      '/notes',
      { onRequest: app.requireScopes('notes:write'), bodyLimit: BODY_LIMIT_BYTES, preHandler },
      async (request, reply) => {
        const body = NewNote.safeParse(request.body)
        if (!body.success) return reply.code(400).send(invalid(body.error))
        const result = notes.add(request.auth.sub, body.data.text)
        if (result.status === 'added') {
          const { note } = result
          return reply.code(201).header('location', `/notes/${note.id}`).send(toJson(note))
        }
        return result.status === 'owner_full'
          ? reply.code(409).send({
              error: 'too_many_notes',
              error_description: 'You have as many notes as this demo keeps for one person.',
            })
          : reply.code(507).send({
              error: 'storage_full',
              error_description: 'This demo cannot keep more notes.',
            })
      },
    )

    // The one thing here that cannot be undone: a browser left open must not be enough for it.
    app.delete(
      '/notes',
      {
        onRequest: [
          app.requireScopes('notes:write'),
          app.requireAcr('aal2', { maxAge: PROOF_MAX_AGE_SECONDS }),
        ],
        preHandler,
      },
      async (request, reply) => {
        notes.removeAllOf(request.auth.sub)
        return reply.code(204).send()
      },
    )

    app.delete<{ Params: { id: string } }>(
      '/notes/:id',
      { onRequest: app.requireRoles('admin'), preHandler },
      async (request, reply) => {
        if (notes.remove(request.params.id)) return reply.code(204).send()
        return reply
          .code(404)
          .send({ error: 'not_found', error_description: 'There is no such note.' })
      },
    )

    methodNotAllowed(app, '/notes', ['GET', 'HEAD', 'POST', 'DELETE'])
    methodNotAllowed(app, '/notes/:id', ['DELETE'])
  }
}

function toJson({ id, owner, text, createdAt }: Note) {
  return { id, owner, text, created_at: createdAt.toISOString() }
}

function invalid(error: z.ZodError) {
  const faults = error.issues.map(({ message }) => message)
  return { error: 'invalid_request', error_description: faults.join(' ') }
}
