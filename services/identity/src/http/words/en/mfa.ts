import type { MfaWords } from '../sections/mfa.ts'

const codes = (count: number) => (count === 1 ? '1 recovery code' : `${count} recovery codes`)

export const mfa: MfaWords = {
  title: 'Enter the 6-digit code',
  lead: 'Your authenticator app shows it.',
  leadAgain: 'This needs your second step. Your authenticator app shows the code.',
  code: 'Code',
  codeHint: 'Six digits that change every 30 seconds.',
  submit: 'Continue',
  wrong: 'That code didn’t work. Codes change every 30 seconds: use the newest one.',
  trust: (days) =>
    days === 1 ? 'Trust this browser for 1 day' : `Trust this browser for ${days} days`,
  trustHint: 'It will not ask for a code when you sign in. Not for computers that others use.',
  other: 'Use another way',
  otherTitle: 'Choose another way',
  ways: {
    authenticator: { name: 'Authenticator app', hint: 'The 6-digit code it shows' },
    passkey: { name: 'Passkey', hint: 'Your fingerprint, face, screen lock or security key' },
    recoveryCode: { name: 'Recovery code', hint: 'One of those you saved when you set this up' },
  },
  trouble: 'Can’t use any of these?',
  troubleHelp:
    'Ask the people who run this service. Once they know it is you, they can reset your second step. A new password does not.',
  recovery: {
    title: 'Enter a recovery code',
    lead: 'One of those that you saved when you set up two-step sign-in. Each works once.',
    code: 'Recovery code',
    codeHint: 'Ten characters, such as K7Q2M-9XWRA',
    wrong: 'That code didn’t work. Each recovery code works only once.',
  },
  recovered: {
    title: 'You are signed in',
    left: (count) => `You have ${codes(count)} left.`,
    none: 'That was your last recovery code.',
    advice: 'If your authenticator is lost, replace it now, and save new codes.',
    look: 'Two-step sign-in',
  },
  due: {
    title: 'A second step will be needed soon',
    lead: (day) => ['From ', day, ' on, signing in takes a second step.'],
    why: 'It keeps others out even if they learn your password. All you need is an authenticator app, or a passkey.',
    setUp: 'Set it up now',
    later: 'Later',
  },
  mails: {
    codeUsed: {
      subject: 'A recovery code was used',
      intro: (when) => `A recovery code for your account was used on ${when}.`,
      left: (count) => `You have ${codes(count)} left.`,
      none: 'It was the last one. Please make new ones in your account.',
    },
    guessed: {
      subject: 'Too many wrong codes at your account',
      intro: (when) =>
        `Somebody, perhaps you, got past your first step and then gave too many wrong codes. That was on ${when}.`,
      effect:
        'Nobody got in. If it was not you, somebody most likely knows your password: secure your account now.',
    },
  },
}
