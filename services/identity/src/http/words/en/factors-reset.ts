import type { FactorsResetWords } from '../sections/factors-reset.ts'

export const factorsReset: FactorsResetWords = {
  mails: {
    subject: 'Your two-step sign-in was reset',
    intro: (when) =>
      `The people who run this service removed the second step of your sign-in, ${when}.`,
    effect:
      'Your authenticator apps and recovery codes no longer work, and you are signed out everywhere. Until you set up a new second step, your account is less well protected.',
    passkeysStay: 'Your passkeys still work.',
    action: 'Set up a new second step',
    notYou:
      'If you did not ask for this, change your password at once and tell the people who run this service.',
  },
}
