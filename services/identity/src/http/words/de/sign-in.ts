import type { SignInWords } from '../sections/sign-in.ts'

export const signIn: SignInWords = {
  ended:
    'Sie sind hier nicht mehr angemeldet: Die Anmeldung war zu alt oder wurde anderswo beendet, etwa durch ein neues Passwort.',
  unlock: {
    title: 'Diesen Browser freischalten',
    lead: (email) => ['Für ', email, '.'],
    explanation:
      'Es wurden zu viele falsche Passwörter eingegeben, daher müssen neue Geräte warten. Dieser Browser muss es nach dem Freischalten nicht. Ihr Passwort brauchen Sie weiterhin: Das Freischalten meldet niemanden an.',
    submit: 'Diesen Browser freischalten',
    staleTitle: 'Dieser Link gilt nicht mehr',
    stale: 'Er wurde in einem anderen Browser benutzt oder ist älter als eine Stunde.',
    done: 'Dieser Browser ist freigeschaltet. Melden Sie sich mit Ihrem Passwort an.',
    sooner:
      'Wenn es Ihr Konto ist, sehen Sie in sein Postfach: Vielleicht lässt Sie eine Mail von uns früher hinein.',
  },
  mails: {
    newDevice: {
      subject: 'Neue Anmeldung bei Ihrem Konto',
      intro:
        'Jemand, wahrscheinlich Sie selbst, hat sich auf einem für uns neuen Gerät bei Ihrem Konto angemeldet.',
      device: (name) => `Gerät: ${name}`,
      unknownDevice: 'ein Browser, den wir nicht kennen',
      time: (when) => `Zeit: ${when}`,
      network: (address) => `IP-Adresse: ${address}`,
      action: 'Das war ich nicht',
      nothing: 'Wenn Sie das waren, müssen Sie nichts tun.',
    },
    lockOut: {
      subject: 'Zu viele falsche Passwörter',
      intro:
        'Jemand, vielleicht Sie selbst, hat für Ihr Konto so oft ein falsches Passwort eingegeben, dass neue Geräte eine Weile warten müssen. Geräte, auf denen Sie sich schon angemeldet haben, müssen das nicht.',
      effect:
        'Wenn Sie selbst warten, öffnen Sie diesen Link in dem Browser, in dem Sie sich anmelden möchten.',
      action: 'Diesen Browser freischalten',
      validity: 'Der Link gilt eine Stunde, und nur einmal.',
      notYou:
        'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Mit einem falschen Passwort kam niemand hinein.',
    },
  },
}
