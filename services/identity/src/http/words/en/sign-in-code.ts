import type { SignInCodeWords } from '../sections/sign-in-code.ts'

export const signInCode: SignInCodeWords = {
  title: 'Check your email',
  lead: (email) => ['We mailed a code to ', email, '. Enter it here to sign in.'],
  other: 'Use a different account',
  mails: {
    subject: 'Your sign-in code',
    intro:
      'Somebody with your password is signing in to your account. If it is you, enter this code on the page where you started:',
    validity: 'The code works for 10 minutes. Never tell it to anybody, not even to us.',
    notYou:
      'If this was not you, somebody knows your password: press “This wasn’t me” to secure your account.',
    action: 'This wasn’t me',
  },
}
