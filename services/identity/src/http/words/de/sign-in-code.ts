import type { SignInCodeWords } from '../sections/sign-in-code.ts'

export const signInCode: SignInCodeWords = {
  title: 'Sehen Sie in Ihr Postfach',
  lead: (email) => [
    'Wir haben einen Code an ',
    email,
    ' geschickt. Geben Sie ihn hier ein, um sich anzumelden.',
  ],
  other: 'Anderes Konto verwenden',
  mails: {
    subject: 'Ihr Anmeldecode',
    intro:
      'Jemand meldet sich gerade mit Ihrem Passwort bei Ihrem Konto an. Wenn Sie es sind, geben Sie diesen Code auf der Seite ein, auf der Sie begonnen haben:',
    validity: 'Der Code gilt 10 Minuten. Verraten Sie ihn niemandem, auch uns nicht.',
    notYou:
      'Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Mit „Das war ich nicht“ sichern Sie Ihr Konto ab.',
    action: 'Das war ich nicht',
  },
}
