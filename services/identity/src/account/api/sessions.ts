import { z } from 'zod'
import {
  type Device,
  type DevicesDeps,
  devicesOf,
  endDevice,
  endOtherDevices,
} from '../../domain/sessions/devices.ts'
import { type Operation, operation } from '../../http/api/operation.ts'
import { ApiProblem } from '../../http/api/problem.ts'
import { deviceName } from '../../http/device-name.ts'
import { Moment, moment } from './moment.ts'
import { TO_CHANGE, TO_READ } from './scopes.ts'

export type SessionsDeps = DevicesDeps

const Session = z.object({
  id: z.uuid().describe('The sid of tokens.'),
  current: z.boolean().describe('Whether the application was let in from this one.'),
  created_at: Moment,
  signed_in_at: Moment.describe('The last proof of who it is.'),
  last_seen_at: Moment,
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  browser: z.string().nullable(),
  system: z.string().nullable(),
})
const Sessions = z.object({ sessions: z.array(Session) })
const SessionsEnded = z.object({ ended: z.int().describe('How many devices were signed out.') })

export const sessionSchemas = { Session, Sessions, SessionsEnded }

/** Where the person is signed in. */
export function sessionOperations(deps: SessionsDeps): readonly Operation[] {
  return [
    operation({
      id: 'listSessions',
      method: 'GET',
      path: '/sessions',
      summary: 'List the devices that are signed in',
      scopes: TO_READ,
      fresh: false,
      answer: {
        status: 200,
        description: 'The current one first, then the others by their last use.',
        schema: Sessions,
      },
      run: async ({ caller }) => ({
        sessions: (await devicesOf(deps, caller.user.id, caller.sessionId)).map(shown),
      }),
    }),
    operation({
      id: 'endSession',
      method: 'DELETE',
      path: '/sessions/{id}',
      summary: 'Sign one device out',
      description: 'Everything that applications were allowed from it ends as well.',
      scopes: TO_CHANGE,
      fresh: true,
      params: z.object({ id: z.uuid() }),
      answer: { status: 204, description: 'The device is signed out.' },
      async run({ caller, path, ip }) {
        const ended = await endDevice(deps, caller.user.id, path.id, ip)
        if (ended === 'not_found') throw new ApiProblem('not_found')
      },
    }),
    operation({
      id: 'endOtherSessions',
      method: 'DELETE',
      path: '/sessions',
      summary: 'Sign all other devices out',
      scopes: TO_CHANGE,
      fresh: true,
      answer: { status: 200, description: 'Only the current one is left.', schema: SessionsEnded },
      run: async ({ caller, ip }) => ({
        ended: await endOtherDevices(deps, caller.user.id, caller.sessionId, ip),
      }),
    }),
  ]
}

function shown(device: Device): z.infer<typeof Session> {
  const { browser = null, system = null } = deviceName(device.userAgent ?? undefined)
  return {
    id: device.id,
    current: device.current,
    created_at: moment(device.createdAt),
    signed_in_at: moment(device.authTime),
    last_seen_at: moment(device.lastSeenAt),
    ip: device.ip,
    user_agent: device.userAgent,
    browser,
    system,
  }
}
