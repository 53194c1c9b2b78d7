import type { LeavingWords } from '../sections/leaving.ts'

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' })

export const leaving: LeavingWords = {
  data: {
    title: 'Your data',
    lead: 'Everything we keep about you, in one file that you and other programs can read.',
    contentsTitle: 'What is in it',
    contents: {
      profile: 'Your profile, your email address and your roles',
      devices: 'The devices you are signed in on, or were lately',
      applications: 'The applications you have allowed, and what they may do',
      log: 'Your security log, from its first entry on',
    },
    without: 'Passwords, codes and keys are not in it.',
    download: 'Download my data',
    deleteTitle: 'Delete your account',
    deleteLead: 'You read first what goes and when, and can still change your mind afterwards.',
    deleteLink: 'Delete account',
  },
  delete: {
    title: 'Delete your account',
    lead: (email) => ['This is about the account of ', email, '.'],
    goesTitle: 'What goes',
    goes: {
      account: 'Your profile, your email address, your password and your devices.',
      applications:
        'Your sign-in to every application. What they store themselves only they can delete.',
      log: 'Your security log. We keep what happened and when, without your name or any address.',
    },
    whenTitle: 'When',
    when: (moment) => [
      'You are signed out everywhere at once. The account is deleted on ',
      moment,
      '.',
    ],
    wayBack: 'Until then you can keep it: with the link that we mail you, or by signing in.',
    whenNow:
      'You are signed out everywhere at once, and within minutes the account is deleted. There is no way back.',
    afterwards:
      'An account that you make with the same address later is a new one. Applications will not recognise you.',
    word: 'DELETE',
    type: (word) => ['Type “', word, '” to confirm'],
    wrong: (word) => `Type “${word}” as it is shown.`,
    submit: 'Delete my account',
    cancel: 'Cancel',
    back: 'Back to your data',
    onlyAdministratorTitle: 'You are the only administrator',
    onlyAdministrator:
      'Somebody has to run this service. Give the role admin to another person first, then you can delete your account.',
  },
  keep: {
    title: 'Your account will be deleted',
    lead: (email) => ['The account of ', email, ' is closed. Nobody can sign in to it.'],
    when: (moment) => [
      'It will be deleted on ',
      moment,
      '. Until then you can keep it, with everything in it.',
    ],
    asked: 'You are signed out on all devices, and we have mailed you the way back.',
    submit: 'Keep my account',
    staleTitle: 'There is nothing to keep here',
    stale:
      'The account has been kept or deleted since, or this page was open for too long. Sign in to see how it stands.',
    goneTitle: 'Your account is being deleted',
    gone: 'You are signed out on all devices. Within minutes the account is gone.',
    kept: 'Your account stays, with everything in it. Sign in as usual.',
  },
  mails: {
    leaving: {
      subject: 'Your account will be deleted',
      intro: (when) => `As you asked, your account will be deleted: ${when}.`,
      effect:
        'Until then it is closed. You were signed out on all devices and in all applications.',
      action: 'Keep my account',
      notYou: 'If this was not you, keep the account and then choose a new password.',
    },
    kept: {
      subject: 'Your account stays',
      intro: 'Your account will not be deleted. You can sign in to it as usual.',
      action: 'If this was not you, choose a new password',
      nothing: 'If this was you, there is nothing to do.',
    },
    deleted: {
      subject: 'Your account has been deleted',
      intro: 'As you asked, your account and everything in it have been deleted.',
      applications: 'What applications have stored themselves, only they can delete.',
      last: 'This is our last mail to you.',
    },
  },
  moment: (at) => `${date.format(at)} at ${time.format(at)} UTC`,
}
