import type { DevicesWords } from '../sections/devices.ts'

export const devices: DevicesWords = {
  title: 'Devices',
  lead: 'The browsers in which you are signed in now. Sign out of those that you do not know or no longer use.',
  current: 'This device',
  unknown: 'Unknown device',
  onSystem: (system) => `on ${system}`,
  inUse: 'In use now',
  lastSeen: (when) => `Last seen ${when}`,
  signedIn: (when) => `Signed in ${when}`,
  address: (ip) => ['IP address ', ip],
  signOut: 'Sign out',
  signOutOf: (device) => `Sign out ${device}`,
  onlyThis: 'You are signed in on this device only.',
  others: {
    title: 'Other devices',
    lead: 'You stay signed in here. On all other devices, you and your applications are asked for the password again.',
    submit: 'Sign out all other devices',
  },
  everywhere: {
    title: 'Everywhere',
    lead: 'Ends every sign-in, this one too, and the access of all applications that you used in them.',
    submit: 'Sign out everywhere',
  },
  done: {
    one: 'The device is signed out.',
    others: 'All other devices are signed out.',
    everywhere: 'You are signed out on all devices.',
  },
}
