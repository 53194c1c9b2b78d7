import type { InvitationWords } from '../sections/invitation.ts'

export const invitation: InvitationWords = {
  lead: (email) => ['You are invited, with the address ', email, '.'],
  staleTitle: 'This invitation no longer works',
  stale:
    'An invitation works for 7 days, and only once. Ask the person who invited you for another one.',
  staleButOpen: 'This invitation no longer works. You can create an account without it.',
  mails: {
    subject: 'You are invited to Signet',
    intro: 'You are invited to create an account with this address.',
    action: 'Create your account',
    validity: 'The link works for 7 days, and only once.',
    notYou: 'If you do not expect this, ignore this mail. No account is created without you.',
  },
}
