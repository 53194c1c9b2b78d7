import type { AccountWords } from '../sections/account.ts'

export const account: AccountWords = {
  title: 'Your account',
  skip: 'Skip to content',
  signOut: 'Sign out',
  sections: {
    overview: 'Overview',
    profile: 'Profile',
    email: 'Email',
    password: 'Password',
    twoStep: 'Two-step sign-in',
    passkeys: 'Passkeys',
    connections: 'Connected accounts',
    sessions: 'Devices',
    apps: 'Connected apps',
    securityLog: 'Security log',
    data: 'Your data',
  },
}
