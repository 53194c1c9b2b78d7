import { account } from './en/account.ts'
import { apps } from './en/apps.ts'
import { devices } from './en/devices.ts'
import { overview } from './en/overview.ts'
import { profile } from './en/profile.ts'
import { securityLog } from './en/security-log.ts'
import { accounts } from './en/accounts.ts'
import { api } from './en/api.ts'
import { change } from './en/change.ts'
import { errors } from './en/errors.ts'
import { faults } from './en/faults.ts'
import { factorsReset } from './en/factors-reset.ts'
import { invitation } from './en/invitation.ts'
import { leaving } from './en/leaving.ts'
import { mfa } from './en/mfa.ts'
import { signInCode } from './en/sign-in-code.ts'
import { signIn } from './en/sign-in.ts'
import { upstream } from './en/upstream.ts'
import { passkeys } from './en/passkeys.ts'
import { passwords } from './en/passwords.ts'
import { twoStep } from './en/two-step.ts'
import type { Words } from './words.ts'

const minute = 60
const stamp = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'UTC',
})

// Rounded up: a person who waits as long as the page says must get in.
function duration(seconds: number): string {
  const [count, unit] =
    seconds <= minute
      ? [Math.max(1, Math.ceil(seconds)), 'second']
      : [Math.ceil(seconds / minute), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The English pages. */
export const en: Words = {
  product: 'Signet',
  errorPrefix: 'Error: ',
  footer: {
    usedBy: (app) => [app, ' uses Signet to sign you in.'],
    language: 'Language',
  },
  summary: { title: 'There is a problem' },
  app: {
    website: 'Website',
    policy: 'Privacy policy',
    terms: 'Terms of service',
    links: (app) => ['About ', app],
  },
  fields: {
    name: 'Name',
    email: 'Email',
    password: 'Password',
    optional: 'optional',
    show: 'Show',
    showPassword: 'Show password',
    hide: 'Hide',
    hidePassword: 'Hide password',
  },
  wait: {
    throttled: (seconds) => `Too many tries. Try again in ${duration(seconds)}.`,
    busy: (seconds) => `Many people are signing in right now. Try again in ${duration(seconds)}.`,
    counting: 'You can try again in {time}',
    over: 'You can try again now.',
  },
  login: {
    title: 'Sign in',
    titleFor: (app) => ['Sign in to ', app],
    reauthenticateTitle: 'Confirm it’s you',
    reauthenticate: 'Sign in again to continue.',
    reauthenticateFor: (app) => ['Sign in again to continue to ', app, '.'],
    switchingFrom: (email) => ['You are signed in as ', email, '. Sign in with another account.'],
    submit: 'Sign in',
    cancel: 'Cancel and go back',
    cancelTo: (app) => ['Cancel and go back to ', app],
    wrong: 'Wrong email or password.',
    missing: { email: 'Enter your email address.', password: 'Enter your password.' },
  },
  consent: {
    title: (app) => ['Allow ', app, ' to use your account?'],
    lead: 'If you allow it, this application can:',
    newScope: 'New',
    notYou: 'Not you?',
    useAnother: 'Use a different account',
    allow: 'Allow',
    deny: 'Deny',
    next: (host) => ['Either way, you go on to ', host, '.'],
    fullAddress: 'Show the full address',
  },
  scopes: {
    openid: 'Recognise you when you come back',
    profile: 'See your name, picture and other profile details',
    email: 'See your email address',
    address: 'See your postal address',
    phone: 'See your phone number',
    offline_access: 'Stay signed in for you when you are not using it',
  },
  selectAccount: {
    title: 'Choose an account',
    lead: (app) => ['to continue to ', app],
    other: 'Use another account',
  },
  signOut: {
    title: 'Sign out?',
    ask: 'You will be signed out of Signet in this browser.',
    askFor: (app) => [app, ' asks to sign you out of Signet in this browser.'],
    yes: 'Sign out',
    no: 'Stay signed in',
    doneTitle: 'You are signed out',
    done: 'Your session in this browser has ended.',
    shared: 'On a shared computer, close the browser window as well.',
    continueTo: (app) => ['Continue to ', app],
    continue: 'Continue',
  },
  home: {
    signedInTitle: 'You are signed in',
    signedIn: 'Applications that use Signet can now recognise you in this browser.',
    signedOutTitle: 'One sign-in for your applications',
    signedOut:
      'Signet proves who you are to the applications you use, and keeps your password here.',
    signIn: 'Sign in',
    signOut: 'Sign out',
  },
  setup: {
    title: 'Set up Signet',
    lead: 'Create the first administrator. This link works once.',
    submit: 'Create administrator',
    doneTitle: 'Signet is ready',
    done: 'The first administrator has been created. The set-up link no longer works.',
    doneSignIn: 'Sign in',
    problems: {
      nameTooLong: 'Enter a shorter name.',
      emailMissing: 'Enter an email address.',
      emailInvalid: 'Enter an email address like name@example.com.',
      emailTaken: 'This email address already has an account.',
    },
  },
  register: {
    link: 'Create an account',
    title: 'Create your account',
    lead: (app) => ['Then you go on to ', app, '.'],
    submit: 'Create account',
    haveAccount: 'Already have an account?',
    closedTitle: 'Registration is closed',
    closed:
      'New accounts cannot be created here. If you need one, ask the people who run this service.',
    invited:
      'New accounts are made by invitation only. If you have been invited, open the link in that mail. If not, ask the people who run this service.',
  },
  verifyEmail: {
    title: 'Check your email',
    lead: (email) => ['Check ', email, ' to finish. Enter the code from our mail here.'],
    code: 'Code',
    codeHint: '6 digits. A code works for 10 minutes.',
    submit: 'Continue',
    resend: 'Send another mail',
    resendIn: 'You can ask for another mail in {time}',
    resendNow: 'You can ask for another mail now.',
    resent: 'Another mail is on its way, unless this mailbox has had several in the last hour.',
    nothing: 'Nothing there? Look in the spam folder too.',
    change: 'Use a different address',
    problems: {
      shape: 'The code must be 6 digits.',
      wrong: 'That code didn’t work. Use the one in our newest mail.',
      expired: 'That code has expired. Ask for another mail.',
      exhausted: 'Too many tries with this code. Ask for another mail.',
    },
    linkTitle: 'Confirm your account',
    linkLead: (email) => ['One press, and the account of ', email, ' is ready.'],
    linkWarning:
      'Continue only if you asked for this account and chose its password yourself. Otherwise close this page: no account is created.',
    linkPassword: 'The one you chose when you asked for the account.',
    linkSubmit: 'Create account',
    created: 'Your account is ready. Sign in with the password you chose.',
  },
  mails: {
    registration: {
      subject: 'Confirm your email address',
      intro: 'You are about to create an account with this address.',
      code: 'Enter this code on the page where you started:',
      action: 'Or open this link',
      validity: 'The code works for 10 minutes, the link for 24 hours, and each only once.',
      notYou:
        'If this was not you, ignore this mail. No account is created without your confirmation.',
    },
    passwordReset: {
      subject: 'Choose a new password',
      intro: 'Somebody, perhaps you, asked for a new password for your account.',
      action: 'Choose a new password',
      validity: 'The link works for 30 minutes, and only once.',
      notYou: 'If this was not you, ignore this mail. Your password stays as it is.',
    },
    passwordChanged: {
      subject: 'Your password was changed',
      intro: (when) => `The password of your account was changed: ${when}.`,
      effect: 'All devices were signed out.',
      action: 'If this was not you, choose a new password',
      nothing: 'If this was you, there is nothing to do.',
    },
    alreadyRegistered: {
      subject: 'You already have an account',
      intro:
        'Somebody, perhaps you, tried to create an account with this address. It already has one.',
      forgotten:
        'If you do not remember your password, you can set a new one from the sign-in page.',
      action: 'Sign in',
      notYou: 'If this was not you, there is nothing to do. Nothing was changed.',
    },
  },
  forgotPassword: {
    link: 'Forgot your password?',
    title: 'Forgot your password?',
    lead: 'Enter the email address of your account, and we send you a link to choose a new password.',
    submit: 'Send the link',
    back: 'Back to sign in',
    sentTitle: 'Check your email',
    sent: (email) => [
      'If an account exists for ',
      email,
      ', we sent a link. It works for 30 minutes.',
    ],
  },
  resetPassword: {
    title: 'Choose a new password',
    lead: (email) => ['For ', email, '. You will be signed out on all devices.'],
    submit: 'Change password',
    staleTitle: 'This link no longer works',
    stale: 'It has been used, is older than 30 minutes, or the password has changed since.',
    again: 'Send a new link',
    done: 'Your password has been changed. Sign in with the new one.',
  },
  actions: {
    continueTo: (app) => ['Continue to ', app],
    continue: 'Continue',
    startAgain: 'Start again',
    backTo: (app) => ['Back to ', app],
    toHome: 'Go to the start page',
  },
  account,
  change,
  apps,
  devices,
  overview,
  profile,
  securityLog,
  leaving,
  invitation,
  factorsReset,
  accounts,
  api,
  mfa,
  signIn,
  upstream,
  signInCode,
  passwords,
  passkeys,
  twoStep,
  errors,
  faults,
  errorDetails: {
    code: 'Error',
    reference: 'Reference',
    time: 'Time',
    expected: 'Expected',
    received: 'Received',
    copy: 'Copy details',
    copied: 'Copied',
    when: (at) => `${stamp.format(at)} UTC`,
  },
}
