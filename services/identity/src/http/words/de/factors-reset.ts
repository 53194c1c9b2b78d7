import type { FactorsResetWords } from '../sections/factors-reset.ts'

export const factorsReset: FactorsResetWords = {
  mails: {
    subject: 'Ihre Anmeldung in zwei Schritten wurde zurückgesetzt',
    intro: (when) =>
      `Die Betreiber dieses Dienstes haben den zweiten Schritt Ihrer Anmeldung entfernt, ${when}.`,
    effect:
      'Ihre Authenticator-Apps und Wiederherstellungscodes gelten nicht mehr, und Sie sind überall abgemeldet. Bis Sie einen neuen zweiten Schritt einrichten, ist Ihr Konto weniger gut geschützt.',
    passkeysStay: 'Ihre Passkeys gelten weiterhin.',
    action: 'Neuen zweiten Schritt einrichten',
    notYou:
      'Wenn Sie das nicht veranlasst haben, ändern Sie sofort Ihr Passwort und benachrichtigen Sie die Betreiber dieses Dienstes.',
  },
}
