import type { FastifyPluginAsync } from 'fastify'
import { createRecoveryLinks } from '../domain/recovery/link.ts'
import { createRegistrationSecrets } from '../domain/registrations/secrets.ts'
import { createSetupStore } from '../domain/setup/store.ts'
import { frontChannel } from '../http/front-channel.ts'
import { consent } from '../interaction/consent/routes.ts'
import { devInbox } from '../interaction/dev-inbox/routes.ts'
import { forgotPassword } from '../interaction/forgot-password/routes.ts'
import { home } from '../interaction/home/routes.ts'
import { login } from '../interaction/login/routes.ts'
import { register } from '../interaction/register/routes.ts'
import { resetPasswordPage } from '../interaction/reset-password/routes.ts'
import { selectAccount } from '../interaction/select-account/routes.ts'
import { setup } from '../interaction/setup/routes.ts'
import { verifyEmail } from '../interaction/verify-email/routes.ts'
import { createAfterwards } from '../platform/afterwards.ts'
import { authorize } from '../protocol/authorize/routes.ts'
import { endSession } from '../protocol/end-session/routes.ts'
import type { Parts } from './parts.ts'

/** Requests for a link that were answered and wait to be looked at; more are told to come back. */
const MAX_WAITING_LETTERS = 1000

/** Wires what people look at. */
export function pages(parts: Parts): FastifyPluginAsync {
  return frontChannel({ ...parts, slices: [...signingIn(parts), ...aroundIt(parts)] })
}

/** The steps of a sign-in conversation. */
function signingIn(parts: Parts): FastifyPluginAsync[] {
  const registering = { ...parts, secrets: createRegistrationSecrets(parts.ring) }
  const recovering = { ...parts, links: createRecoveryLinks(parts.ring) }
  return [
    authorize(parts),
    login(parts),
    register(registering),
    verifyEmail(registering),
    forgotPassword({ ...recovering, afterwards: createAfterwards(MAX_WAITING_LETTERS) }),
    resetPasswordPage(recovering),
    selectAccount(parts),
    consent(parts),
    endSession(parts),
  ]
}

function aroundIt(parts: Parts): FastifyPluginAsync[] {
  return [
    home(parts),
    setup({ ...parts, setup: createSetupStore(parts.database.db) }),
    ...(parts.inbox ? [devInbox({ ...parts, from: parts.mailFrom })] : []),
  ]
}
