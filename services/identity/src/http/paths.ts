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
  live: '/health/live',
  ready: '/health/ready',
} as const

/** The address of a step of a sign-in conversation. */
export function stepPath(
  step: 'authorize' | 'login' | 'consent' | 'selectAccount',
  sealed: string,
): string {
  return `${paths[step]}?tx=${encodeURIComponent(sealed)}`
}
