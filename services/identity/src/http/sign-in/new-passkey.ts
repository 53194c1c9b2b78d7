import type { FastifyRequest } from 'fastify'
import { type PasskeyAdding, addPasskey } from '../../domain/factors/add-passkey.ts'
import type { FactorBasis } from '../../domain/factors/basis.ts'
import type { AcceptDeps } from '../../domain/passkeys/accept.ts'
import { makerOf } from '../../domain/passkeys/maker.ts'
import type { Browsers } from '../session/browser.ts'
import { readForm } from '../form.ts'
import { languageOf } from '../language/language.ts'
import { deviceText } from '../parts/device.tsx'
import type { Passkeys } from './passkeys.ts'

export interface NewPasskeyDeps extends AcceptDeps {
  readonly passkeys: Passkeys
  readonly browsers: Browsers
}

/** Adds the passkey that a form brings to a person's account; it is first called by what keeps it, or by the device. */
export async function takeNewPasskey(
  deps: NewPasskeyDeps,
  request: FastifyRequest,
  userId: string,
  basis: FactorBasis,
): Promise<PasskeyAdding> {
  const { passkeys, browsers } = deps
  const { answer } = readForm(request, ['answer'])
  const { words } = languageOf(request)
  const nameFor = (aaguid: string) =>
    makerOf(aaguid) ?? deviceText(words, request.headers['user-agent'])
  const browser = browsers.known(request)
  const { ip } = request
  const added = await addPasskey(
    deps,
    passkeys.party(request),
    { userId, answer, browser, ip, nameFor, basis },
    passkeys.letters(request).added,
  )
  if (added.kind === 'refused')
    request.log.info({ reason: added.reason }, 'a new passkey was refused')
  return added
}
