/** Where everything is; slices meet here and in the database, nowhere else. */
export const paths = {
  authorize: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  introspect: '/introspect',
  revoke: '/revoke',
  endSession: '/logout',
  endSessionConfirmed: '/logout/confirmed',
  jwks: '/.well-known/jwks.json',
  openidConfiguration: '/.well-known/openid-configuration',
  serverMetadata: '/.well-known/oauth-authorization-server',
  login: '/login',
  consent: '/consent',
  selectAccount: '/select-account',
  error: '/error',
  home: '/',
  setup: '/setup',
  inbox: '/dev/inbox',
  inboxMessages: '/dev/inbox/messages',
  register: '/register',
  verifyEmail: '/verify-email',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  mfa: '/mfa',
  mfaPasskey: '/mfa/passkey',
  recovered: '/mfa/recovered',
  factorDue: '/mfa/due',
  enrol: '/enrol',
  enrolFile: '/enrol/file',
  emailCode: '/email-code',
  twoStep: '/account/two-step',
  addAuthenticator: '/account/two-step/add',
  authenticator: '/account/two-step/app',
  removeAuthenticator: '/account/two-step/remove',
  newRecoveryCodes: '/account/two-step/codes',
  recoveryCodesFile: '/account/two-step/file',
  passkeys: '/account/passkeys',
  addPasskey: '/account/passkeys/add',
  onePasskey: '/account/passkeys/one',
  passkey: '/passkey',
  passkeyOffer: '/passkey/offer',
  enrolPasskey: '/passkey/enrol',
  connections: '/account/connections',
  confirmConnection: '/account/connections/confirm',
  disconnect: '/account/connections/disconnect',
  provider: '/auth/:provider',
  providerCallback: '/auth/:provider/callback',
  riscReceiver: '/auth/google/risc',
  providerAddress: '/sign-in/address',
  providerCode: '/sign-in/code',
  signOut: '/sign-out',
  account: '/account',
  profile: '/account/profile',
  email: '/account/email',
  confirmEmail: '/account/email/confirm',
  password: '/account/password',
  sessions: '/account/sessions',
  apps: '/account/apps',
  removeApp: '/account/apps/remove',
  securityLog: '/account/security-log',
  data: '/account/data',
  leave: '/account/delete',
  accountApi: '/account/api/v1',
  openApi: '/openapi.json',
  apiDocs: '/docs',
  keepAccount: '/keep-account',
  notMe: '/not-me',
  unlock: '/unlock',
  changePassword: '/.well-known/change-password',
  live: '/health/live',
  ready: '/health/ready',
} as const

/** Where the problems that APIs report are described; each has its anchor there. */
export const apiProblemsPath = `${paths.apiDocs}/problems`

/** Where an operation of an API is described. */
export function operationPath(id: string): string {
  return `${paths.apiDocs}/operations/${id}`
}

/** The address of a step of a sign-in conversation. */
export function stepPath(
  step: 'authorize' | 'login' | 'mfa' | 'enrol' | 'consent' | 'selectAccount' | 'register',
  sealed: string,
): string {
  return `${paths[step]}?tx=${encodeURIComponent(sealed)}`
}

/** The address of the page that waits for the code of a registration, in a conversation or in none. */
export function verifyEmailPath(registration: string, tx: string | undefined): string {
  const query = new URLSearchParams({ registration, ...(tx !== undefined && { tx }) })
  return `${paths.verifyEmail}?${query.toString()}`
}

/** The address of the page that mails a link for a new password, in a conversation or in none. */
export function forgotPasswordPath(tx: string | undefined): string {
  return tx === undefined
    ? paths.forgotPassword
    : `${paths.forgotPassword}?tx=${encodeURIComponent(tx)}`
}

/** The sign-in page after a password was reset, in a conversation or in none. */
export function afterResetPath(tx: string | undefined): string {
  const query = new URLSearchParams({ ...(tx !== undefined && { tx }), reset: 'done' })
  return `${paths.login}?${query.toString()}`
}

/** The page that mails a link for a new password, after "this wasn't me". */
export const afterSecuringPath = `${paths.forgotPassword}?secured=yes`

/** Account pages only: whatever else stands in `next` is an address that somebody else chose. */
const ACCOUNT_PAGE = /^\/account(?:\/[a-z-]+)*(?:\?[\w%=&.~-]*)?$/

/** Where `next` leads after a sign-in, if it is an account page. */
export function accountDestination(next: string | undefined): string | undefined {
  return next !== undefined && ACCOUNT_PAGE.test(next) ? next : undefined
}

/** The sign-in page that leads back to an account page; a signed-in person confirms there who they are. */
export function signInFirst(next: string): string {
  return `${paths.login}?next=${encodeURIComponent(next)}`
}

/** The sign-in page after a person was signed out on all devices. */
export const afterSignOutEverywherePath = `${paths.login}?everywhere=done`

/** The page that asks before an application loses its access. */
export function removeAppPath(clientId: string): string {
  return `${paths.removeApp}?client_id=${encodeURIComponent(clientId)}`
}

/** The page of one passkey. */
export function onePasskeyPath(id: string): string {
  return `${paths.onePasskey}?id=${encodeURIComponent(id)}`
}

/** A page about one authenticator of a person. */
export function authenticatorPath(
  page: 'authenticator' | 'removeAuthenticator',
  id: string,
): string {
  return `${paths[page]}?id=${encodeURIComponent(id)}`
}

/** The page that sets up an authenticator in the place of another one. */
export function replaceAuthenticatorPath(id: string): string {
  return `${paths.addAuthenticator}?replaces=${encodeURIComponent(id)}`
}

/** A page of a set-up that is under way, sealed in its address. */
export function setupPath(
  page: 'addAuthenticator' | 'newRecoveryCodes' | 'recoveryCodesFile',
  sealed: string,
): string {
  return `${paths[page]}?setup=${encodeURIComponent(sealed)}`
}

/** The account picker that leads back to an account page, where nobody is active. */
export function chooseAccountFirst(next: string): string {
  return `${paths.selectAccount}?next=${encodeURIComponent(next)}`
}

/** The page that keeps an account which is to be deleted, in a conversation or in none. */
export function keepAccountPath(token: string, tx?: string): string {
  const query = new URLSearchParams({ token, ...(tx !== undefined && { tx }) })
  return `${paths.keepAccount}?${query.toString()}`
}

/** The same page right after a person has left: with the way back, or with the news that there is none. */
export function afterLeavingPath(token: string | undefined): string {
  return token === undefined
    ? `${paths.keepAccount}?left=now`
    : `${keepAccountPath(token)}&left=later`
}

/** The sign-in page after an account was kept, in a conversation or in none. */
export function afterKeepingPath(tx: string | undefined): string {
  const query = new URLSearchParams({ ...(tx !== undefined && { tx }), kept: 'yes' })
  return `${paths.login}?${query.toString()}`
}

/** The registration page for somebody who is invited. */
export function invitationPath(token: string): string {
  return `${paths.register}?invite=${encodeURIComponent(token)}`
}

/** What a sign-in is for: an authorization request, or else a page of the account. */
export interface Onward {
  readonly tx?: string | undefined
  readonly next?: string | undefined
}

/** Where a person goes on to, signed in. */
export function afterSignIn({ tx, next }: Onward): string {
  if (tx !== undefined) return stepPath('authorize', tx)
  return accountDestination(next) ?? paths.home
}

/** A page of a sign-in on the same way. */
export function withOnward(
  page: string,
  { tx, next }: Onward,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams(more)
  if (tx !== undefined) query.set('tx', tx)
  else if (next !== undefined) query.set('next', next)
  const text = query.toString()
  return text === '' ? page : `${page}?${text}`
}

/** Where a sign-in with a provider begins. */
export function providerPath(id: string, onward: Onward = {}): string {
  return withOnward(`/auth/${id}`, onward)
}

/** Where a provider sends people back to; registered there, byte for byte. */
export function providerCallbackPath(id: string): string {
  return `/auth/${id}/callback`
}
