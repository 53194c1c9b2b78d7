import type { ChangeWords } from '../sections/change.ts'

export const change: ChangeWords = {
  email: {
    title: 'Email address',
    lead: 'You sign in with it, and we write to it when something happens to your account.',
    current: 'Your address',
    verified: 'Confirmed',
    unverified: 'Not confirmed yet',
    newTitle: 'Change your address',
    newLead:
      'We send a code to the new address. Until you enter it, the present address stays in force.',
    field: 'New email address',
    submit: 'Send the code',
    pendingTitle: 'Confirm your new address',
    pendingLead: (email) => [
      'We wrote to ',
      email,
      '. Enter the code from our mail here, or open the link in it.',
    ],
    confirm: 'Use this address',
    cancel: 'Keep the present address',
    problems: {
      same: 'This is your address already.',
      gone: 'No new address is waiting to be confirmed.',
      tooMany: 'You have asked for several new addresses today. Try again tomorrow.',
    },
    cancelled: 'Your address stays as it is.',
    changed: 'Your email address has been changed. Sign in with it from now on.',
    linkTitle: 'Use your new address',
    linkLead: (email) => ['One press, and ', email, ' is the address of your account.'],
    linkWarning:
      'Continue only if you asked for this yourself and the mailbox is yours. Otherwise close this page: nothing is changed.',
    linkSubmit: 'Use this address',
    staleTitle: 'This link no longer works',
    stale:
      'It has been used, is older than 24 hours, has been replaced, or belongs to another account.',
    back: 'Go to your email address',
  },
  password: {
    title: 'Password',
    lead: 'A new password takes the place of the present one at once.',
    firstTitle: 'Set a password',
    firstLead:
      'You have no password yet. With one, you can sign in with your email address as well.',
    current: 'Current password',
    fresh: 'New password',
    endOthers: 'Sign out my other devices',
    endOthersHint: 'Recommended if somebody else may know your password.',
    submit: 'Change password',
    firstSubmit: 'Set password',
    problems: {
      missing: 'Enter your current password.',
      wrong: 'This is not your current password.',
      same: 'Choose a password that is not the present one.',
      overtaken: 'Your password was changed elsewhere in this very moment. Try again.',
    },
    changed: 'Your password has been changed.',
    changedEverywhere: 'Your password has been changed, and your other devices are signed out.',
  },
  notMe: {
    title: 'Secure your account',
    newDevice:
      'We told you of a sign-in on a new device. If it was not yours, secure your account.',
    signInCode:
      'We mailed you a code because somebody entered your password. If it was not you, secure your account.',
    emailChange:
      'We told you of a new email address for your account. If you did not ask for it, secure your account.',
    passwordChange:
      'We told you that your password was changed. If you did not do it, secure your account.',
    factorChange:
      'We told you that the ways to confirm your sign-in were changed. If you did not do it, secure your account.',
    connectionChange:
      'We told you that an account at another service was connected or disconnected. If you did not do it, secure your account.',
    effectsTitle: 'When you press the button:',
    signedOut: 'All devices are signed out.',
    noPassword: 'Your password stops working, and you choose a new one by mail.',
    noFactors:
      'Passkeys that were added in the week before our mail, or since, stop signing anybody in by themselves. Accounts at other services that were connected in that time are disconnected. Other second factors stay: if one is not yours, ask the people who run this service.',
    restored: (email) => ['Your account has the address ', email, ' again, if that was changed.'],
    submit: 'This was not me',
    harmless: 'If it was you, close this page. Nothing is changed.',
    staleTitle: 'This link no longer works',
    stale:
      'It has been used, is older than 7 days, or your account has changed since. If something is still wrong, use the link in our newest mail, or choose a new password.',
    again: 'Choose a new password',
    takenTitle: 'The address belongs to another account',
    taken: (email) => [
      'By now there is another account with ',
      email,
      ', so yours cannot get it back, and nothing was changed. Ask the people who run this service for help.',
    ],
    done: 'Your account is secured: all devices are signed out, and the old password is gone. Now choose a new one.',
  },
  mails: {
    notMe: 'This was not me',
    notMeValidity: 'The link works for 7 days, and only once.',
    nothing: 'If this was you, there is nothing to do.',
    proof: {
      subject: 'Confirm your new email address',
      intro: 'You are about to use this address for your account.',
      code: 'Enter this code on the page where you asked for it:',
      action: 'Or open this link',
      validity: 'The code works for 10 minutes, the link for 24 hours, and each only once.',
      notYou:
        'If this was not you, ignore this mail. No account uses your address without your confirmation.',
    },
    exists: {
      subject: 'Your address already has an account',
      intro:
        'Somebody, perhaps you, wanted to use this address for another account. It already has one of its own.',
      action: 'Sign in',
      notYou: 'If this was not you, there is nothing to do. Nothing was changed.',
    },
    asked: {
      subject: 'A new email address was asked for',
      intro: (when) =>
        `Somebody, most likely you, asked for another email address for your account: ${when}.`,
      effect: 'This address stays in force until the new one is confirmed.',
    },
    changed: {
      subject: 'Your email address was changed',
      intro: (when) => `The email address of your account was changed: ${when}.`,
      effect: 'This mailbox no longer belongs to it, and you sign in with the new address.',
    },
    password: {
      subject: 'Your password was changed',
      intro: (when) => `The password of your account was changed: ${when}.`,
      othersEnded: 'All other devices were signed out.',
      othersStay: 'Other devices stay signed in.',
    },
    secured: {
      subject: 'Your account was secured',
      intro: (when) =>
        `By a link from one of our mails we were told that something was not your doing: ${when}.`,
      effect:
        'All devices were signed out, and the password was removed. Nobody gets in before you choose a new one.',
      action: 'Choose a new password',
    },
  },
}
