import type { UpstreamWords } from '../sections/upstream.ts'

export const upstream: UpstreamWords = {
  signIn: (provider) => `Sign in with ${provider}`,
  or: 'or',
  lastUsed: 'Last used',
  proveFirst: (provider) => `This email already has an account. Sign in to connect ${provider}.`,
  tryAgain: 'Try again',
  otherWays: 'Other ways to sign in',
  problems: {
    cancelled: {
      title: (provider) => `${provider} sign-in was cancelled`,
      lead: () => 'Nothing has changed. You can try again or sign in another way.',
    },
    refused: {
      title: (provider) => `${provider} did not sign you in`,
      lead: (provider) => `${provider} refused this sign-in and did not tell us more.`,
    },
    unreachable: {
      title: (provider) => `${provider} cannot be reached`,
      lead: (provider) =>
        `${provider} does not answer right now. Try again in a moment, or sign in another way.`,
    },
    failed: {
      title: (provider) => `Signing in with ${provider} did not work`,
      lead: (provider) => `What ${provider} sent us could not be verified, so we did not use it.`,
    },
    other_domain: {
      title: () => 'This account is not from the right organisation',
      lead: (provider) => `Choose the ${provider} account of your organisation.`,
    },
    disabled: {
      title: () => 'This account is suspended',
      lead: () => 'You cannot sign in to it. Ask the people who run this service.',
    },
    closed: {
      title: () => 'There is no account for you here',
      lead: () => 'This service takes no new accounts. If you have one, sign in to it another way.',
    },
    invited: {
      title: () => 'You need an invitation',
      lead: () => 'New accounts are by invitation only. Open the link of your invitation first.',
    },
    expired: {
      title: () => 'This sign-in can no longer be finished',
      lead: (provider) =>
        `It was finished already, took too long, or began in another browser; or cookies are switched off. Start again with ${provider}.`,
    },
  },
  address: {
    title: 'What is your email address?',
    lead: (provider) => `${provider} did not tell us one. We will send a code to it.`,
  },
  code: {
    title: 'Check your email',
    lead: (email) => `We sent a 6-digit code to ${email}. Enter it to go on.`,
    sent: 'We sent a new code.',
    resend: 'Send a new code',
    wrong: 'That code didn’t work. Check the newest email from us.',
    expired: 'That code no longer works. Ask for a new one.',
  },
  connections: {
    title: 'Connected accounts',
    lead: 'Accounts at other services that you can sign in with.',
    empty: 'No other account is connected yet.',
    available: 'Connect another one',
    connect: (provider) => `Connect ${provider}`,
    disconnect: 'Disconnect',
    disconnectOf: (provider) => `Disconnect ${provider}`,
    since: (when) => `Connected ${when}`,
    lastUsed: (when) => `Last used ${when}`,
    last: 'This is your only way to sign in. Set a password first.',
    done: {
      connected: 'Connected. You can sign in with it from now on.',
      already: 'This account was connected before.',
      disconnected: 'Disconnected. You can no longer sign in with it.',
    },
    taken: 'That account is connected with another person here. Nothing has changed.',
    confirmTitle: (provider) => `Connect ${provider}?`,
    confirmLead: (provider) => `From then on you can sign in to this account with ${provider}.`,
    confirm: 'Connect',
    notNow: 'Not now',
  },
  mails: {
    code: {
      subject: 'Your code',
      intro: (provider) =>
        `Somebody signs in with ${provider} and gave this email address. If that is you, enter the code.`,
      code: 'Your code:',
      notYou: 'If that is not you, do nothing: without the code nothing happens.',
    },
    linked: {
      subject: (provider) => `${provider} is connected with your account`,
      intro: (when) => `From now on one can sign in to your account with it (${when}).`,
    },
    unlinked: {
      subject: (provider) => `${provider} is disconnected from your account`,
      intro: (when) => `One can no longer sign in to your account with it (${when}).`,
    },
  },
}
