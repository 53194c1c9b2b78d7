import type { OverviewWords } from '../sections/overview.ts'

export const overview: OverviewWords = {
  greeting: (name) => ['Hello, ', name],
  editProfile: 'Edit profile',
  signIn: 'How you sign in',
  verified: 'Confirmed',
  unverified: 'Not confirmed',
  passwordChanged: (when) => `Last changed ${when}`,
  noPassword: 'None set',
  access: 'Where your account is in use',
  devices: 'Devices',
  apps: 'Connected apps',
  appsNone: 'None yet',
  activity: 'Latest activity',
  wholeLog: 'Show the whole log',
  change: 'Change',
  show: 'Show',
}
