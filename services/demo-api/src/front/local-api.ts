import type { Fetch } from '@signet/shared/bff'
import type { FastifyInstance } from 'fastify'

/**
 * A fetch that reaches this process's own API without a socket, since the demo keeps front end and API
 * together. The API cannot tell: every check of a token runs as it does for anybody else.
 */
export function localApi(app: FastifyInstance): Fetch {
  return async (url, { method = 'GET', headers = {}, body }) => {
    const { pathname, search } = new URL(url)
    const answer = await app.inject({
      method: method as 'GET',
      url: pathname + search,
      headers,
      ...(body === null || body === undefined ? {} : { payload: payload(body) }),
    })
    const kept = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    )
    const bodiless = answer.statusCode === 204 || answer.statusCode === 304
    return new Response(bodiless ? null : new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: kept,
    })
  }
}

function payload(body: string | URLSearchParams | Uint8Array): string | Buffer {
  return body instanceof Uint8Array ? Buffer.from(body) : body.toString()
}
