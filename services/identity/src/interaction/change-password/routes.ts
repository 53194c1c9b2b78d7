import type { FastifyPluginAsync } from 'fastify'
import { paths } from '../../http/paths.ts'

/** Where password managers send people for a new password (W3C, A Well-Known URL for Changing Passwords §3). */
export function changePasswordAddress(): FastifyPluginAsync {
  return async (app) => {
    app.get(paths.changePassword, async (_request, reply) => reply.redirect(paths.password, 302))
  }
}
