import type { FastifyRequest } from 'fastify'
import type { AuditStore } from '../../domain/audit/store.ts'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { NotMeLinks } from '../../domain/recovery/not-me.ts'
import type { Session } from '../../domain/sessions/session.ts'
import type { Settings } from '../../domain/settings/settings.ts'
import type { EmailAddress } from '../../domain/users/email.ts'
import type { UserStore } from '../../domain/users/store.ts'
import type { Devices } from './known-device.ts'
import { languageOf } from '../language/language.ts'
import { signInLetters } from '../mails/sign-in.ts'
import { type Clock, addSeconds } from '../../platform/clock.ts'

export interface NewDeviceDeps {
  readonly issuer: string
  readonly audit: AuditStore
  readonly devices: Devices
  readonly users: UserStore
  readonly settings: () => Settings
  readonly notMe: NotMeLinks
  readonly clock: Clock
}

/**
 * The letter about a sign-in on a device that the account has not been used on. None for the very first sign-in: then
 * every device is new, and whoever chose the password is there.
 */
export async function newDeviceNotice(
  { issuer, audit, users, devices, settings, notMe, clock }: NewDeviceDeps,
  request: FastifyRequest,
  { userId, email }: { readonly userId: string; readonly email: EmailAddress },
  present: readonly Session[],
): Promise<LetterContent | undefined> {
  /** What happened before the oldest record may have been forgotten. */
  async function isOlderThanRecords(now: Date): Promise<boolean> {
    const kept = settings().audit_retention_seconds
    const user = await users.find(userId)
    return kept > 0 && user !== undefined && user.createdAt < addSeconds(now, -kept)
  }

  if (devices.hasSignedIn(request, email)) return undefined
  if (present.some((session) => session.userId === userId)) return undefined
  const at = clock()
  // Of the records, which outlive every session: a year away is no first sign-in.
  if (!(await audit.happened(userId, 'sign_in_succeeded')) && !(await isOlderThanRecords(at)))
    return undefined
  const facts = { at, ip: request.ip, userAgent: request.headers['user-agent'] }
  const token = notMe.seal({ userId, because: 'new-device', email }, at)
  return signInLetters(languageOf(request), issuer).newDevice(email, facts, token)
}
