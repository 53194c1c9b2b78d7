import type { InvitationWords } from '../sections/invitation.ts'

export const invitation: InvitationWords = {
  lead: (email) => ['Sie sind eingeladen, mit der Adresse ', email, '.'],
  staleTitle: 'Diese Einladung gilt nicht mehr',
  stale:
    'Eine Einladung gilt 7 Tage, und nur einmal. Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
  staleButOpen: 'Diese Einladung gilt nicht mehr. Sie können auch ohne sie ein Konto anlegen.',
  mails: {
    subject: 'Einladung zu Signet',
    intro: 'Sie sind eingeladen, mit dieser Adresse ein Konto anzulegen.',
    action: 'Konto anlegen',
    validity: 'Der Link gilt 7 Tage, und nur einmal.',
    notYou:
      'Wenn Sie das nicht erwartet haben, ignorieren Sie diese E-Mail. Ohne Sie wird kein Konto angelegt.',
  },
}
