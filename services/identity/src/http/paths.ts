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
  home: '/',
  setup: '/setup',
  inbox: '/dev/inbox',
  inboxMessages: '/dev/inbox/messages',
  register: '/register',
  verifyEmail: '/verify-email',
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  signOut: '/sign-out',
  account: '/account',
  profile: '/account/profile',
  email: '/account/email',
  confirmEmail: '/account/email/confirm',
  password: '/account/password',
  sessions: '/account/sessions',
  apps: '/account/apps',
  securityLog: '/account/security-log',
  data: '/account/data',
  leave: '/account/delete',
  accountApi: '/account/api/v1',
  keepAccount: '/keep-account',
  notMe: '/not-me',
  unlock: '/unlock',
  changePassword: '/.well-known/change-password',
  live: '/health/live',
  ready: '/health/ready',
} as const

/** The address of a step of a sign-in conversation. */
export function stepPath(
  step: 'authorize' | 'login' | 'consent' | 'selectAccount' | 'register',
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
