import type { MfaWords } from '../sections/mfa.ts'

const codes = (count: number) =>
  count === 1 ? '1 Wiederherstellungscode' : `${count} Wiederherstellungscodes`

export const mfa: MfaWords = {
  title: 'Geben Sie den 6-stelligen Code ein',
  lead: 'Ihre Authenticator-App zeigt ihn an.',
  leadAgain: 'Hierfür ist Ihr zweiter Schritt nötig. Ihre Authenticator-App zeigt den Code an.',
  code: 'Einmalcode',
  codeHint: 'Sechs Ziffern, die alle 30 Sekunden wechseln.',
  submit: 'Weiter',
  wrong:
    'Dieser Code hat nicht funktioniert. Codes wechseln alle 30 Sekunden: Nehmen Sie den neuesten.',
  trust: (days) =>
    days === 1 ? 'Diesem Browser 1 Tag vertrauen' : `Diesem Browser ${days} Tage vertrauen`,
  trustHint:
    'Er fragt bei der Anmeldung nicht nach einem Code. Nicht für Computer, die auch andere benutzen.',
  other: 'Anderen Weg benutzen',
  otherTitle: 'Wählen Sie einen anderen Weg',
  ways: {
    authenticator: { name: 'Authenticator-App', hint: 'Der 6-stellige Code, den sie anzeigt' },
    passkey: {
      name: 'Passkey (Zugangsschlüssel)',
      hint: 'Fingerabdruck, Gesicht, Displaysperre oder Sicherheitsschlüssel',
    },
    recoveryCode: {
      name: 'Wiederherstellungscode',
      hint: 'Einer von denen, die Sie beim Einrichten aufbewahrt haben',
    },
  },
  trouble: 'Nichts davon geht?',
  troubleHelp:
    'Wenden Sie sich an die Betreiber dieses Dienstes. Sobald sie wissen, dass Sie es sind, können sie Ihren zweiten Schritt zurücksetzen. Ein neues Passwort tut das nicht.',
  recovery: {
    title: 'Geben Sie einen Ihrer aufbewahrten Codes ein',
    lead: 'Einen der Wiederherstellungscodes, die Sie beim Einrichten erhalten haben. Jeder gilt nur einmal.',
    code: 'Wiederherstellungscode',
    codeHint: 'Zehn Zeichen, zum Beispiel K7Q2M-9XWRA',
    wrong:
      'Dieser Code hat nicht funktioniert. Jeder Wiederherstellungscode gilt nur ein einziges Mal.',
  },
  recovered: {
    title: 'Sie sind angemeldet',
    left: (count) => `Sie haben noch ${codes(count)}.`,
    none: 'Das war Ihr letzter Wiederherstellungscode.',
    advice:
      'Wenn Ihr Authenticator verloren ist, ersetzen Sie ihn jetzt und bewahren Sie neue Codes auf.',
    look: 'Anmeldung in zwei Schritten',
  },
  due: {
    title: 'Bald ist ein zweiter Schritt nötig',
    lead: (day) => ['Ab dem ', day, ' gehört zur Anmeldung ein zweiter Schritt.'],
    why: 'Sie hält andere auch dann fern, wenn sie Ihr Passwort erfahren. Sie brauchen nur eine Authenticator-App oder einen Passkey.',
    setUp: 'Jetzt einrichten',
    later: 'Später',
  },
  mails: {
    codeUsed: {
      subject: 'Ein Wiederherstellungscode wurde benutzt',
      intro: (when) => `Ein Wiederherstellungscode für Ihr Konto wurde benutzt: ${when}.`,
      left: (count) => `Sie haben noch ${codes(count)}.`,
      none: 'Es war der letzte. Bitte erstellen Sie in Ihrem Konto neue.',
    },
    guessed: {
      subject: 'Zu viele falsche Codes bei Ihrem Konto',
      intro: (when) =>
        `Jemand, vielleicht Sie selbst, kam über Ihren ersten Schritt hinaus und gab dann zu viele falsche Codes ein: ${when}.`,
      effect:
        'Niemand kam hinein. Wenn Sie es nicht waren, kennt wahrscheinlich jemand Ihr Passwort: Sichern Sie Ihr Konto jetzt.',
    },
  },
}
