import { z } from 'zod'
import type { Fault } from './fault.ts'

/** A fault as JSON, with names as on the wire. */
export const ShownFault = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  code: z.string(),
  status: z.number(),
  method: z.string(),
  path: z.string(),
  client_id: z.string().optional(),
  check: z.string(),
  cause: z.string(),
  expected: z.record(z.string(), z.string()).optional(),
  received: z.record(z.string(), z.string()).optional(),
  advice: z.string(),
  change: z.string().optional(),
})
export type ShownFault = z.infer<typeof ShownFault>

export function shownFault({ id, at, clientId, ...fault }: Fault): ShownFault {
  const { code, status, method, path, check, cause, expected, received, advice, change } = fault
  return {
    id,
    at: at.toISOString(),
    code,
    status,
    method,
    path,
    ...(clientId !== undefined && { client_id: clientId }),
    check,
    cause,
    ...(expected !== undefined && { expected: { ...expected } }),
    ...(received !== undefined && { received: { ...received } }),
    advice,
    ...(change !== undefined && { change }),
  }
}

/** A fault in lines for a terminal. */
export function linesOfFault(fault: ShownFault): string[] {
  const { client_id: client, expected, received, change } = fault
  const values = [...rows('expected', expected), ...rows('came', received)]
  return [
    `${fault.code} (${fault.status}) at ${fault.method} ${fault.path}, ${fault.at}`,
    '',
    `  ${fault.cause}`,
    ...(values.length === 0 ? [] : ['', ...values]),
    '',
    `  ${fault.advice}`,
    ...(change === undefined ? [] : ['', ...change.split('\n').map((line) => `    ${line}`)]),
    '',
    ...row('check', fault.check),
    ...(client === undefined ? [] : row('client', client)),
    ...row('id', fault.id),
  ]
}

function rows(name: string, facts: ShownFault['expected']): string[] {
  return Object.entries(facts ?? {}).flatMap(([key, value], index) =>
    row(index === 0 ? name : '', `${key}: ${value}`),
  )
}

const row = (name: string, value: string) => [`  ${name.padEnd(9)} ${value}`]
