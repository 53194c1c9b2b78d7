import type { TwoStepWords } from '../sections/two-step.ts'

const codes = (count: number) =>
  `${count} ${count === 1 ? 'Wiederherstellungscode' : 'Wiederherstellungscodes'}`

export const twoStep: TwoStepWords = {
  title: 'Anmeldung in zwei Schritten',
  lead: 'Nach dem Passwort zeigt ein zweiter Schritt, dass Sie es sind. Wer nur Ihr Passwort erfährt, kommt damit nicht hinein.',
  state: { on: 'Ein', off: 'Aus', setUp: 'Einrichten', manage: 'Verwalten' },
  required: 'Die Betreiber dieses Dienstes verlangen für Ihr Konto einen zweiten Schritt.',
  authenticators: {
    title: 'Authenticator-Apps',
    lead: 'Eine App auf Ihrem Telefon oder Computer zeigt alle 30 Sekunden einen neuen Code mit 6 Ziffern.',
    add: 'Authenticator-App einrichten',
    addAnother: 'Weitere App hinzufügen',
    added: (when) => `Hinzugefügt: ${when}`,
    lastUsed: (when) => `Zuletzt benutzt: ${when}`,
    change: 'Ändern',
    changeOf: (name) => `${name} ändern`,
    unnamed: 'Meine Authenticator-App',
  },
  codes: {
    title: 'Wiederherstellungscodes',
    lead: 'Mit ihnen kommen Sie hinein, wenn Ihr Telefon verloren oder defekt ist. Jeder gilt einmal.',
    left: (count) => `Noch ${codes(count)} übrig`,
    none: 'Sie haben keine Wiederherstellungscodes mehr.',
    low: 'Erstellen Sie neue, bevor Ihnen keiner mehr bleibt.',
    renew: 'Neue Codes erstellen',
    renewTitle: 'Neue Codes',
    renewLead: 'Sobald Sie diese gesichert haben, gelten die alten nicht mehr.',
    savingTitle: 'Codes sichern',
    savingLead:
      'Bewahren Sie die Codes an einem sicheren Ort außerhalb dieses Geräts auf, etwa in einem Passwortmanager oder in einer Schublade. Sie werden nur dieses eine Mal gezeigt.',
    list: 'Ihre Wiederherstellungscodes',
    copy: 'Alle kopieren',
    download: 'Herunterladen',
    print: 'Drucken',
    saved: 'Ich habe sie gesichert',
    file: {
      title: 'Wiederherstellungscodes für Signet',
      account: (email) => `Konto: ${email}`,
      made: (when) => `Erstellt: ${when}`,
      once: 'Jeder Code gilt einmal. Haken Sie ab, welche Sie benutzt haben.',
    },
  },
  passkeys: {
    title: 'Ihre Passkeys',
    lead: 'Fingerabdruck, Gesicht oder Sicherheitsschlüssel statt eines Codes.',
    show: 'Passkeys anzeigen',
  },
  trusted: {
    title: 'Vertraute Browser',
    lead: 'In diesen werden Sie bei der Anmeldung nicht nach dem zweiten Schritt gefragt.',
    since: (when) => `Vertraut seit ${when}`,
    until: (when) => `Bis ${when}`,
    end: 'Entfernen',
    endOf: (device) => `${device} entfernen`,
    endAll: 'Alle entfernen',
  },
  enrol: {
    title: 'Authenticator-App einrichten',
    replaceTitle: (name) => [name, ' ersetzen'],
    lead: 'Vor dem letzten Schritt ändert sich nichts.',
    replaceLead: 'Die alte App gilt, bis die neue eingerichtet ist.',
    get: (apps) => [
      'Öffnen Sie eine Authenticator-App auf Ihrem Telefon. Geeignet sind ',
      apps,
      ' und andere.',
    ],
    scan: 'Scannen Sie damit dieses Bild.',
    picture: 'QR-Code mit dem Schlüssel, der darunter steht',
    otherwise: 'Scannen geht nicht? Geben Sie stattdessen diesen Schlüssel ein',
    key: 'Schlüssel',
    copyKey: 'Schlüssel kopieren',
    open: 'In einer App auf diesem Gerät öffnen',
    keyKind: 'Falls die App danach fragt: zeitbasiert, 6 Ziffern.',
    enter: 'Geben Sie den Code ein, den die App jetzt zeigt.',
    name: 'Name des Geräts',
    nameHint: 'Damit Sie es später wiedererkennen, etwa „Mein Telefon“.',
    code: 'Code mit 6 Ziffern',
    codeHint: 'Er ändert sich alle 30 Sekunden.',
    submit: 'Weiter',
    cancel: 'Abbrechen',
    again:
      'Das hat zu lange gedauert, daher gibt es ein neues Bild. Löschen Sie den alten Eintrag in Ihrer App, und scannen Sie dieses.',
  },
  problems: {
    codeMissing: 'Geben Sie den Code ein, den die App zeigt.',
    codeShape: 'Der Code muss aus 6 Ziffern bestehen.',
    codeWrong:
      'Dieser Code hat nicht funktioniert. Codes ändern sich alle 30 Sekunden: Nehmen Sie den neuesten. Wenn keiner gilt, prüfen Sie, ob die Uhr Ihres Telefons automatisch gestellt wird.',
    exhausted: 'Zu viele falsche Codes. Beginnen Sie mit einem neuen Bild.',
    name: 'Geben Sie einen kürzeren Namen in einer Zeile ein.',
  },
  item: {
    title: (name) => [name, ' ändern'],
    name: 'Name der App oder des Geräts',
    rename: 'Namen speichern',
    replace: 'Auf ein anderes Telefon oder in eine andere App umziehen',
    remove: 'Diese App entfernen',
    back: 'Zurück zur Anmeldung in zwei Schritten',
    removeTitle: (name) => [name, ' entfernen?'],
    removeLead: 'Ihre Codes gelten sofort nicht mehr. Den Eintrag in der App löschen Sie selbst.',
    removeLastLead: 'Dies ist Ihr einziger zweiter Schritt. Wenn Sie ihn entfernen:',
    lastEffects: {
      off: 'ist die Anmeldung in zwei Schritten aus, und wer Ihr Passwort kennt, kommt damit hinein,',
      codes: 'gelten Ihre Wiederherstellungscodes nicht mehr,',
      trusted: 'werden vertraute Browser vergessen.',
    },
    keep: 'Behalten',
    mustKeep:
      'Ihr Konto muss einen zweiten Schritt haben, und dies ist der einzige. Richten Sie erst einen anderen ein, und entfernen Sie dann diesen.',
  },
  forced: {
    title: 'Zweiten Schritt einrichten',
    lead: 'Ihr Konto braucht ihn, bevor es weitergeht. Das dauert etwa zwei Minuten.',
    leadFor: (app) => [
      'Ihr Konto braucht ihn, bevor es zu ',
      app,
      ' weitergeht. Das dauert etwa zwei Minuten.',
    ],
    passkey: 'Stattdessen einen Passkey benutzen',
  },
  done: {
    added:
      'Die Authenticator-App ist eingerichtet. Bei der Anmeldung werden Sie nach ihrem Code gefragt.',
    replaced: 'Die neue App ist eingerichtet, und die alte gilt nicht mehr.',
    renamed: 'Der Name ist gespeichert.',
    removed: 'Die App ist entfernt.',
    off: 'Die App ist entfernt, und die Anmeldung in zwei Schritten ist aus.',
    codes: 'Ihre neuen Wiederherstellungscodes gelten. Die alten gelten nicht mehr.',
    untrusted: 'Dem Browser wird nicht mehr vertraut.',
    'all-untrusted': 'Keinem Browser wird mehr vertraut.',
  },
  mails: {
    added: {
      subject: 'Ihrem Konto wurde eine Authenticator-App hinzugefügt',
      intro: (when) => `Für Ihr Konto wurde eine Authenticator-App eingerichtet: ${when}.`,
      effect: 'Ab jetzt werden Sie bei der Anmeldung nach ihrem Code gefragt.',
    },
    replaced: {
      subject: 'Ihre Authenticator-App wurde ersetzt',
      intro: (when) => `Eine andere Authenticator-App hat die alte ersetzt: ${when}.`,
      effect: 'Codes der alten App gelten nicht mehr.',
    },
    removed: {
      subject: 'Eine Authenticator-App wurde aus Ihrem Konto entfernt',
      intro: (when) => `Aus Ihrem Konto wurde eine Authenticator-App entfernt: ${when}.`,
      effect: 'Ihre Codes gelten nicht mehr. Ihre anderen zweiten Schritte bleiben.',
    },
    off: {
      subject: 'Die Anmeldung in zwei Schritten wurde ausgeschaltet',
      intro: (when) => `Der letzte zweite Schritt Ihres Kontos wurde entfernt: ${when}.`,
      effect:
        'Zum Anmelden genügt Ihr Passwort, und die Wiederherstellungscodes gelten nicht mehr.',
    },
    codes: {
      subject: 'Neue Wiederherstellungscodes für Ihr Konto',
      intro: (when) => `Für Ihr Konto wurden neue Wiederherstellungscodes erstellt: ${when}.`,
      effect: 'Die alten gelten nicht mehr.',
    },
  },
}
