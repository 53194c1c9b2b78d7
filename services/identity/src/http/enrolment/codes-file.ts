import type { FastifyReply } from 'fastify'
import type { Words } from '../words/words.ts'

const FILE_NAME = 'signet-recovery-codes.txt'

/** Sends recovery codes as a file of text: of which service and account, from when, one to a line with a box to tick. */
export function sendCodesFile(
  reply: FastifyReply,
  words: Words,
  email: string,
  codes: readonly string[],
  now: Date,
): FastifyReply {
  const { title, account, made, once } = words.twoStep.codes.file
  const head = [title, account(email), made(words.errorDetails.when(now))]
  const lines = [...head, '', ...codes.map((code) => `[ ] ${code}`), '', once, '']
  return reply
    .type('text/plain; charset=utf-8')
    .header('content-disposition', `attachment; filename="${FILE_NAME}"`)
    .send(lines.join('\r\n'))
}
