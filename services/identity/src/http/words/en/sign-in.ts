import type { SignInWords } from '../sections/sign-in.ts'

export const signIn: SignInWords = {
  ended:
    'You are no longer signed in here: it was too long ago, or it was ended from elsewhere, such as by a new password.',
  unlock: {
    title: 'Unlock this browser',
    lead: (email) => ['For ', email, '.'],
    explanation:
      'Too many wrong passwords were typed, so new devices have to wait. Once unlocked, this browser does not. You still need your password: unlocking signs nobody in.',
    submit: 'Unlock this browser',
    staleTitle: 'This link no longer works',
    stale: 'It has been used in another browser, or is more than one hour old.',
    done: 'This browser is unlocked. Sign in with your password.',
    sooner: 'If the account is yours, look into its mailbox: a mail from us may let you in sooner.',
  },
  mails: {
    newDevice: {
      subject: 'New sign-in to your account',
      intro: 'Somebody, most likely you, signed in to your account on a device that is new to us.',
      device: (name) => `Device: ${name}`,
      unknownDevice: 'a browser that we do not know',
      time: (when) => `Time: ${when}`,
      network: (address) => `IP address: ${address}`,
      action: 'This was not me',
      nothing: 'If this was you, there is nothing to do.',
    },
    lockOut: {
      subject: 'Too many wrong passwords',
      intro:
        'Somebody, perhaps you, typed so many wrong passwords for your account that new devices have to wait for a while. Devices on which you have signed in before do not.',
      effect:
        'If you are the one who waits, open this link in the browser in which you want to sign in.',
      action: 'Unlock this browser',
      validity: 'The link works for one hour, and only once.',
      notYou: 'If this was not you, ignore this mail. Nobody got in with a wrong password.',
    },
  },
}
