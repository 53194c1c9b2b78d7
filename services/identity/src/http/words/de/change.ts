import type { ChangeWords } from '../sections/change.ts'

export const change: ChangeWords = {
  email: {
    title: 'E-Mail-Adresse',
    lead: 'Mit ihr melden Sie sich an, und an sie schreiben wir, wenn sich an Ihrem Konto etwas tut.',
    current: 'Ihre Adresse',
    verified: 'Bestätigt',
    unverified: 'Noch nicht bestätigt',
    newTitle: 'Adresse ändern',
    newLead:
      'Wir senden einen Code an die neue Adresse. Bis Sie ihn eingeben, gilt die bisherige Adresse.',
    field: 'Neue E-Mail-Adresse',
    submit: 'Code senden',
    pendingTitle: 'Neue Adresse bestätigen',
    pendingLead: (email) => [
      'Wir haben an ',
      email,
      ' geschrieben. Geben Sie hier den Code aus unserer E-Mail ein, oder öffnen Sie den Link darin.',
    ],
    confirm: 'Diese Adresse verwenden',
    cancel: 'Bisherige Adresse behalten',
    problems: {
      same: 'Das ist schon Ihre Adresse.',
      gone: 'Es wartet keine neue Adresse auf Bestätigung.',
      tooMany:
        'Sie haben heute schon mehrere neue Adressen angegeben. Versuchen Sie es morgen noch einmal.',
    },
    cancelled: 'Ihre Adresse bleibt, wie sie ist.',
    changed: 'Ihre E-Mail-Adresse ist geändert. Melden Sie sich ab jetzt mit ihr an.',
    linkTitle: 'Neue Adresse verwenden',
    linkLead: (email) => ['Ein Klick, und ', email, ' ist die Adresse Ihres Kontos.'],
    linkWarning:
      'Fahren Sie nur fort, wenn Sie das selbst angefordert haben und das Postfach Ihnen gehört. Schließen Sie sonst diese Seite: Es ändert sich nichts.',
    linkSubmit: 'Diese Adresse verwenden',
    staleTitle: 'Dieser Link gilt nicht mehr',
    stale:
      'Er wurde schon benutzt, ist älter als 24 Stunden, wurde ersetzt oder gehört zu einem anderen Konto.',
    back: 'Zu Ihrer E-Mail-Adresse',
  },
  password: {
    title: 'Passwort',
    lead: 'Ein neues Passwort gilt sofort anstelle des bisherigen.',
    firstTitle: 'Passwort festlegen',
    firstLead:
      'Sie haben noch kein Passwort. Mit einem können Sie sich auch mit Ihrer E-Mail-Adresse anmelden.',
    current: 'Bisheriges Passwort',
    fresh: 'Neues Passwort',
    endOthers: 'Meine anderen Geräte abmelden',
    endOthersHint: 'Empfohlen, wenn jemand anderes Ihr Passwort kennen könnte.',
    submit: 'Passwort ändern',
    firstSubmit: 'Passwort festlegen',
    problems: {
      missing: 'Geben Sie Ihr bisheriges Passwort ein.',
      wrong: 'Das ist nicht Ihr bisheriges Passwort.',
      same: 'Wählen Sie ein anderes Passwort als das bisherige.',
      overtaken:
        'Ihr Passwort wurde in diesem Augenblick anderswo geändert. Versuchen Sie es noch einmal.',
    },
    changed: 'Ihr Passwort ist geändert.',
    changedEverywhere: 'Ihr Passwort ist geändert, und Ihre anderen Geräte sind abgemeldet.',
  },
  notMe: {
    title: 'Konto absichern',
    newDevice:
      'Wir haben Ihnen eine Anmeldung auf einem neuen Gerät gemeldet. Wenn es nicht Ihre war, sichern Sie Ihr Konto ab.',
    signInCode:
      'Wir haben Ihnen einen Code geschickt, weil jemand Ihr Passwort eingegeben hat. Wenn Sie es nicht waren, sichern Sie Ihr Konto ab.',
    emailChange:
      'Wir haben Ihnen eine neue E-Mail-Adresse für Ihr Konto gemeldet. Wenn Sie diese nicht angegeben haben, sichern Sie Ihr Konto ab.',
    passwordChange:
      'Wir haben Ihnen gemeldet, dass Ihr Passwort geändert wurde. Wenn Sie das nicht waren, sichern Sie Ihr Konto ab.',
    factorChange:
      'Wir haben Ihnen gemeldet, dass sich geändert hat, womit Sie Ihre Anmeldung bestätigen. Waren Sie das nicht, sichern Sie Ihr Konto.',
    connectionChange:
      'Wir haben Ihnen gemeldet, dass ein Konto bei einem anderen Dienst verbunden oder getrennt wurde. Wenn Sie das nicht waren, sichern Sie Ihr Konto ab.',
    effectsTitle: 'Wenn Sie die Schaltfläche drücken:',
    signedOut: 'Alle Geräte werden abgemeldet.',
    noPassword: 'Ihr Passwort gilt nicht mehr, und Sie wählen per E-Mail ein neues.',
    noFactors:
      'Passkeys, die in der Woche vor unserer Mail oder seitdem hinzugekommen sind, melden allein niemanden mehr an. Konten bei anderen Diensten, die in dieser Zeit verbunden wurden, werden getrennt. Andere zweite Faktoren bleiben: Ist einer nicht von Ihnen, wenden Sie sich an die Betreiber dieses Dienstes.',
    restored: (email) => [
      'Ihr Konto hat wieder die Adresse ',
      email,
      ', falls sie geändert wurde.',
    ],
    submit: 'Das war ich nicht',
    harmless: 'Wenn Sie das waren, schließen Sie diese Seite. Es ändert sich nichts.',
    staleTitle: 'Dieser Link gilt nicht mehr',
    stale:
      'Er wurde schon benutzt, ist älter als 7 Tage, oder Ihr Konto hat sich seitdem geändert. Wenn noch etwas nicht stimmt, nehmen Sie den Link in unserer neuesten E-Mail, oder wählen Sie ein neues Passwort.',
    again: 'Neues Passwort wählen',
    takenTitle: 'Die Adresse gehört zu einem anderen Konto',
    taken: (email) => [
      'Inzwischen gibt es ein anderes Konto mit ',
      email,
      '. Ihres kann sie deshalb nicht zurückbekommen, und es wurde nichts geändert. Bitten Sie die Betreiber dieses Dienstes um Hilfe.',
    ],
    done: 'Ihr Konto ist abgesichert: Alle Geräte sind abgemeldet, und das alte Passwort gilt nicht mehr. Wählen Sie jetzt ein neues.',
  },
  mails: {
    notMe: 'Das war ich nicht',
    notMeValidity: 'Der Link gilt 7 Tage, und nur einmal.',
    nothing: 'Wenn Sie das waren, müssen Sie nichts tun.',
    proof: {
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      intro: 'Sie sind dabei, diese Adresse für Ihr Konto zu verwenden.',
      code: 'Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:',
      action: 'Oder öffnen Sie diesen Link',
      validity: 'Der Code gilt 10 Minuten, der Link 24 Stunden, und beide nur einmal.',
      notYou:
        'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ohne Ihre Bestätigung verwendet kein Konto Ihre Adresse.',
    },
    exists: {
      subject: 'Ihre Adresse hat bereits ein Konto',
      intro:
        'Jemand, vielleicht Sie selbst, wollte diese Adresse für ein anderes Konto verwenden. Sie hat aber schon ein eigenes.',
      action: 'Anmelden',
      notYou: 'Wenn Sie das nicht waren, müssen Sie nichts tun. Es wurde nichts geändert.',
    },
    asked: {
      subject: 'Eine neue E-Mail-Adresse wurde angegeben',
      intro: (when) =>
        `Jemand, höchstwahrscheinlich Sie selbst, hat für Ihr Konto eine andere E-Mail-Adresse angegeben: ${when}.`,
      effect: 'Diese Adresse gilt weiter, bis die neue bestätigt ist.',
    },
    changed: {
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      intro: (when) => `Die E-Mail-Adresse Ihres Kontos wurde geändert: ${when}.`,
      effect: 'Dieses Postfach gehört nicht mehr dazu, und Sie melden sich mit der neuen an.',
    },
    password: {
      subject: 'Ihr Passwort wurde geändert',
      intro: (when) => `Das Passwort Ihres Kontos wurde geändert: ${when}.`,
      othersEnded: 'Alle anderen Geräte wurden abgemeldet.',
      othersStay: 'Andere Geräte bleiben angemeldet.',
    },
    secured: {
      subject: 'Ihr Konto wurde abgesichert',
      intro: (when) =>
        `Über einen Link aus einer unserer E-Mails wurde uns gemeldet, dass Sie etwas nicht selbst getan haben: ${when}.`,
      effect:
        'Alle Geräte wurden abgemeldet, und das Passwort wurde entfernt. Niemand kommt hinein, bevor Sie ein neues gewählt haben.',
      action: 'Neues Passwort wählen',
    },
  },
}
