import type { UpstreamWords } from '../sections/upstream.ts'

export const upstream: UpstreamWords = {
  signIn: (provider) =>
    provider === 'Google' ? 'Über Google anmelden' : `Mit ${provider} anmelden`,
  or: 'oder',
  lastUsed: 'Zuletzt verwendet',
  proveFirst: (provider) =>
    `Zu dieser E-Mail-Adresse gibt es bereits ein Konto. Melden Sie sich an, um ${provider} zu verbinden.`,
  tryAgain: 'Erneut versuchen',
  otherWays: 'Anders anmelden',
  problems: {
    cancelled: {
      title: (provider) => `Die Anmeldung mit ${provider} wurde abgebrochen`,
      lead: () =>
        'Es hat sich nichts geändert. Sie können es erneut versuchen oder sich anders anmelden.',
    },
    refused: {
      title: (provider) => `${provider} hat Sie nicht angemeldet`,
      lead: (provider) => `${provider} hat die Anmeldung abgelehnt und uns nicht mehr mitgeteilt.`,
    },
    unreachable: {
      title: (provider) => `${provider} ist nicht erreichbar`,
      lead: (provider) =>
        `${provider} antwortet gerade nicht. Versuchen Sie es gleich noch einmal, oder melden Sie sich anders an.`,
    },
    failed: {
      title: (provider) => `Die Anmeldung mit ${provider} ist nicht gelungen`,
      lead: (provider) =>
        `Was ${provider} uns geschickt hat, ließ sich nicht überprüfen; wir haben es nicht verwendet.`,
    },
    other_domain: {
      title: () => 'Dieses Konto gehört nicht zur richtigen Organisation',
      lead: (provider) => `Wählen Sie bei ${provider} das Konto Ihrer Organisation.`,
    },
    disabled: {
      title: () => 'Dieses Konto ist gesperrt',
      lead: () =>
        'Eine Anmeldung ist nicht möglich. Wenden Sie sich an die Betreiber dieses Dienstes.',
    },
    closed: {
      title: () => 'Hier gibt es kein Konto für Sie',
      lead: () =>
        'Dieser Dienst nimmt keine neuen Konten an. Wenn Sie eines haben, melden Sie sich anders an.',
    },
    invited: {
      title: () => 'Sie brauchen eine Einladung',
      lead: () =>
        'Neue Konten gibt es nur auf Einladung. Öffnen Sie zuerst den Link Ihrer Einladung.',
    },
    expired: {
      title: () => 'Diese Anmeldung lässt sich nicht mehr abschließen',
      lead: (provider) =>
        `Sie ist schon abgeschlossen, hat zu lange gedauert oder begann in einem anderen Browser; oder Cookies sind ausgeschaltet. Beginnen Sie noch einmal mit ${provider}.`,
    },
  },
  address: {
    title: 'Wie lautet Ihre E-Mail-Adresse?',
    lead: (provider) =>
      `${provider} hat uns keine mitgeteilt. Wir schicken einen Code an diese Adresse.`,
  },
  code: {
    title: 'Sehen Sie in Ihr Postfach',
    lead: (email) =>
      `Wir haben einen sechsstelligen Code an ${email} geschickt. Geben Sie ihn ein, um fortzufahren.`,
    sent: 'Wir haben einen neuen Code geschickt.',
    resend: 'Neuen Code schicken',
    wrong: 'Dieser Code stimmt nicht. Sehen Sie in unserer neuesten E-Mail nach.',
    expired: 'Dieser Code gilt nicht mehr. Fordern Sie einen neuen an.',
  },
  connections: {
    title: 'Verbundene Konten',
    lead: 'Konten bei anderen Diensten, mit denen Sie sich anmelden können.',
    empty: 'Noch ist kein anderes Konto verbunden.',
    available: 'Weiteres Konto verbinden',
    connect: (provider) => `${provider} verbinden`,
    disconnect: 'Trennen',
    disconnectOf: (provider) => `${provider} trennen`,
    since: (when) => `Verbunden ${when}`,
    lastUsed: (when) => `Zuletzt verwendet ${when}`,
    last: 'Nur so können Sie sich anmelden. Legen Sie zuerst ein Passwort fest.',
    done: {
      connected: 'Verbunden. Ab jetzt können Sie sich damit anmelden.',
      already: 'Dieses Konto war schon verbunden.',
      disconnected: 'Getrennt. Sie können sich damit nicht mehr anmelden.',
    },
    taken: 'Jenes Konto ist hier mit einer anderen Person verbunden. Es hat sich nichts geändert.',
    confirmTitle: (provider) => `${provider} verbinden?`,
    confirmLead: (provider) => `Danach können Sie sich bei diesem Konto mit ${provider} anmelden.`,
    confirm: 'Verbinden',
    notNow: 'Jetzt nicht',
  },
  mails: {
    code: {
      subject: 'Ihr Code',
      intro: (provider) =>
        `Jemand meldet sich mit ${provider} an und hat diese E-Mail-Adresse angegeben. Wenn Sie das sind, geben Sie den Code ein.`,
      code: 'Ihr Code:',
      notYou: 'Wenn Sie das nicht sind, müssen Sie nichts tun: Ohne den Code geschieht nichts.',
    },
    linked: {
      subject: (provider) => `${provider} ist mit Ihrem Konto verbunden`,
      intro: (when) => `Damit kann man sich jetzt bei Ihrem Konto anmelden (${when}).`,
    },
    unlinked: {
      subject: (provider) => `${provider} ist von Ihrem Konto getrennt`,
      intro: (when) => `Damit kann man sich nicht mehr bei Ihrem Konto anmelden (${when}).`,
    },
  },
}
