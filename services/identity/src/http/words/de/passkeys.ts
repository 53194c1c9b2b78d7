import type { PasskeysWords } from '../sections/passkeys.ts'

export const passkeys: PasskeysWords = {
  unable:
    'Dieser Browser kann hier keine Passkeys verwenden, oder seine Skripte sind abgeschaltet. Wählen Sie einen anderen Weg.',
  cancelled:
    'Es wurde kein Passkey verwendet: Der Vorgang wurde abgebrochen oder hat zu lange gedauert. Sie können es erneut versuchen.',
  present: 'Dieses Gerät hat bereits einen Passkey für Ihr Konto.',
  wrong:
    'Dieser Passkey hat nicht funktioniert. Versuchen Sie es erneut, oder wählen Sie einen anderen Weg.',
  signIn: {
    submit: 'Mit einem Passkey anmelden',
    lead: 'Entsperren Sie ihn mit Gesicht, Finger oder der PIN Ihres Geräts.',
    other: 'Anders anmelden',
  },
  secondFactor: {
    title: 'Mit Ihrem Passkey bestätigen',
    lead: 'Noch ein Schritt: Zeigen Sie, dass Ihr Gerät oder Sicherheitsschlüssel da ist.',
    submit: 'Passkey verwenden',
    other: 'Anderen Weg verwenden',
  },
  offer: {
    title: 'Nächstes Mal schneller anmelden',
    lead: 'Erstellen Sie einen Passkey: Dann melden Gesicht, Finger oder die PIN Ihres Geräts Sie an.',
    why: 'Kein Passwort, das Sie eintippen müssen, vergessen können oder das Ihnen jemand ablisten kann.',
    submit: 'Passkey erstellen',
    later: 'Nicht jetzt',
    never: 'Auf diesem Gerät nicht mehr fragen',
  },
  enrol: {
    title: 'Einen Passkey erstellen',
    lead: 'Er bestätigt, dass Sie es sind: mit Gesicht, Finger oder der PIN Ihres Geräts.',
    other: 'Anderen Weg wählen',
  },
  room: {
    title: 'Passkeys',
    lead: 'Melden Sie sich mit Gesicht, Finger oder der PIN Ihres Geräts an, anstelle des Passworts.',
    empty: 'Sie haben noch keinen Passkey.',
    add: 'Passkey hinzufügen',
    added: (when) => `Hinzugefügt: ${when}`,
    lastUsed: (when) => `Zuletzt verwendet: ${when}`,
    neverUsed: 'Noch nicht verwendet',
    synced: 'Zwischen Ihren Geräten synchronisiert',
    notSynced: 'Nur auf einem Gerät',
    onlyOne:
      'Das ist Ihr einziger Passkey. Fügen Sie einen weiteren hinzu, damit ein verlorenes Gerät Sie nicht aussperrt.',
    change: 'Ändern',
    changeOf: (name) => `${name} ändern`,
    full: (count) =>
      `Sie haben ${count} Passkeys; mehr sind nicht möglich. Entfernen Sie einen, den Sie nicht mehr verwenden.`,
    done: {
      added: 'Ihr Passkey wurde hinzugefügt. Ab jetzt können Sie sich damit anmelden.',
      renamed: 'Der Name wurde geändert.',
      removed:
        'Der Passkey wurde entfernt. Löschen Sie ihn auch auf Ihrem Gerät, damit er nicht mehr angeboten wird.',
    },
  },
  make: {
    title: 'Passkey hinzufügen',
    lead: 'Ihr Browser fragt, wo er aufbewahrt werden soll, und bittet Sie, dieses Gerät zu entsperren.',
    how: 'Er kann auf diesem Gerät liegen, in einem Passwortmanager, auf einem Telefon in der Nähe oder auf einem Sicherheitsschlüssel. Nichts Geheimes wird an uns gesendet.',
    submit: 'Den Passkey erstellen',
    back: 'Zurück zu Ihren Passkeys',
    failed: 'Der Passkey wurde nicht hinzugefügt. Bitte versuchen Sie es erneut.',
  },
  one: {
    name: 'Name',
    nameHint: 'Woran Sie ihn von anderen unterscheiden, etwa das Gerät, auf dem er liegt.',
    save: 'Namen speichern',
    problem: 'Geben Sie einen Namen mit höchstens 60 Zeichen ein.',
    removeTitle: 'Diesen Passkey entfernen',
    removeLead:
      'Niemand kann sich mehr damit anmelden. Browser, denen Sie vertrauen, werden wieder nach einem zweiten Schritt gefragt.',
    remove: 'Entfernen',
    lastWayIn:
      'Das ist Ihr einziger Weg, sich anzumelden. Legen Sie zuerst ein Passwort fest, oder fügen Sie einen weiteren Passkey hinzu.',
    required:
      'Ihr Konto muss einen zweiten Schritt haben, und das ist der einzige. Fügen Sie zuerst einen anderen hinzu.',
  },
  mails: {
    added: {
      subject: 'Ihrem Konto wurde ein Passkey hinzugefügt',
      intro: (when) =>
        `Am ${when} wurde Ihrem Konto ein Passkey hinzugefügt. Wer ihn hat, kann sich damit anmelden.`,
      effect: 'In Ihrem Konto sehen Sie alle Ihre Passkeys und können sie entfernen.',
    },
    removed: {
      subject: 'Ein Passkey wurde aus Ihrem Konto entfernt',
      intro: (when) => `Am ${when} wurde ein Passkey aus Ihrem Konto entfernt.`,
      effect: 'Mit ihm kann sich niemand mehr anmelden.',
    },
    cloned: {
      subject: 'Wir haben einen Ihrer Passkeys abgelehnt',
      intro: (when) =>
        `Am ${when} hat jemand einen Ihrer Passkeys so verwendet, als gäbe es eine Kopie davon. Wir haben ihn nicht angenommen.`,
      effect: 'Entfernen Sie diesen Passkey, und erstellen Sie einen neuen.',
      action: 'Passkeys ansehen',
      nothing:
        'Das kann auch vorkommen, wenn ein Passkey aus einer Sicherung wiederhergestellt wurde.',
    },
  },
}
