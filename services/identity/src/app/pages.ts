import type { FastifyPluginAsync } from 'fastify'
import { apps } from '../account/apps/routes.ts'
import { connections } from '../account/connections/routes.ts'
import { data } from '../account/data/routes.ts'
import { deleteAccount } from '../account/delete/routes.ts'
import { email } from '../account/email/routes.ts'
import { overview } from '../account/overview/routes.ts'
import { passkeysRoom } from '../account/passkeys/routes.ts'
import { password } from '../account/password/routes.ts'
import { profile } from '../account/profile/routes.ts'
import { securityLog } from '../account/security-log/routes.ts'
import { sessions } from '../account/sessions/routes.ts'
import { twoStep } from '../account/two-step/routes.ts'
import { createRecoveryLinks } from '../domain/recovery/link.ts'
import { createUnlockLinks } from '../domain/recovery/unlock-link.ts'
import { createInvitations } from '../domain/registrations/invitation.ts'
import { createRegistrationSecrets } from '../domain/registrations/secrets.ts'
import { createSetupStore } from '../domain/setup/store.ts'
import type { Api } from '../http/api/operation.ts'
import { frontChannel } from '../http/front-channel.ts'
import { changePasswordAddress } from '../interaction/change-password/routes.ts'
import { consent } from '../interaction/consent/routes.ts'
import { devInbox } from '../interaction/dev-inbox/routes.ts'
import { emailCode } from '../interaction/email-code/routes.ts'
import { enrol } from '../interaction/enrol/routes.ts'
import { errorPage } from '../interaction/error/routes.ts'
import { forgotPassword } from '../interaction/forgot-password/routes.ts'
import { home } from '../interaction/home/routes.ts'
import { keepAccountPage } from '../interaction/keep-account/routes.ts'
import { login } from '../interaction/login/routes.ts'
import { mfa } from '../interaction/mfa/routes.ts'
import { notMePage } from '../interaction/not-me/routes.ts'
import { passkey } from '../interaction/passkey/routes.ts'
import { register } from '../interaction/register/routes.ts'
import { resetPasswordPage } from '../interaction/reset-password/routes.ts'
import { selectAccount } from '../interaction/select-account/routes.ts'
import { setup } from '../interaction/setup/routes.ts'
import { unlockPage } from '../interaction/unlock/routes.ts'
import { verifyEmail } from '../interaction/verify-email/routes.ts'
import { upstreamSignIn } from '../interaction/upstream/routes.ts'
import { createAfterwards } from '../platform/afterwards.ts'
import { apiDocs } from '../protocol/api-docs/routes.ts'
import { authorize } from '../protocol/authorize/routes.ts'
import { endSession } from '../protocol/end-session/routes.ts'
import type { Parts } from './parts.ts'

/** Requests for a link that were answered and wait to be looked at; more are told to come back. */
const MAX_WAITING_LETTERS = 1000

/** Wires what people look at. */
export function pages(parts: Parts, apis: readonly Api[]): FastifyPluginAsync {
  const slices = [
    ...signingIn(parts),
    ...aroundIt(parts),
    ...accountPages(parts),
    apiDocs({ ...parts, apis }),
  ]
  return frontChannel({ ...parts, slices })
}

/** The steps of a sign-in conversation. */
function signingIn(parts: Parts): FastifyPluginAsync[] {
  const registering = {
    ...parts,
    secrets: createRegistrationSecrets(parts.ring),
    invitations: createInvitations(parts.ring),
  }
  const recovering = { ...parts, links: createRecoveryLinks(parts.ring) }
  return [
    authorize(parts),
    login({
      ...parts,
      unlockLinks: createUnlockLinks(parts.ring),
      afterwards: createAfterwards(MAX_WAITING_LETTERS),
    }),
    mfa(parts),
    enrol(parts),
    unlockPage({ ...parts, unlockLinks: createUnlockLinks(parts.ring) }),
    register(registering),
    verifyEmail(registering),
    emailCode(parts),
    forgotPassword({ ...recovering, afterwards: createAfterwards(MAX_WAITING_LETTERS) }),
    resetPasswordPage(recovering),
    notMePage(parts),
    keepAccountPage(parts),
    passkey(parts),
    selectAccount(parts),
    // Without a provider there is no address of one.
    ...(parts.providers.length > 0 ? [upstreamSignIn(parts)] : []),
    consent(parts),
    endSession(parts),
  ]
}

/** The rooms of an account. */
function accountPages(parts: Parts): FastifyPluginAsync[] {
  return [
    overview(parts),
    profile(parts),
    email(parts),
    password(parts),
    passkeysRoom(parts),
    ...(parts.providers.length > 0 ? [connections(parts)] : []),
    twoStep(parts),
    sessions(parts),
    apps(parts),
    securityLog(parts),
    data(parts),
    deleteAccount(parts),
  ]
}

function aroundIt(parts: Parts): FastifyPluginAsync[] {
  return [
    home(parts),
    errorPage(parts),
    changePasswordAddress(),
    setup({ ...parts, setup: createSetupStore(parts.database.db) }),
    ...(parts.inbox ? [devInbox({ ...parts, from: parts.mailFrom })] : []),
  ]
}
