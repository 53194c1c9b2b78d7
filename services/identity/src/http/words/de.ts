import { account } from './de/account.ts'
import { apps } from './de/apps.ts'
import { devices } from './de/devices.ts'
import { overview } from './de/overview.ts'
import { profile } from './de/profile.ts'
import { securityLog } from './de/security-log.ts'
import { accounts } from './de/accounts.ts'
import { api } from './de/api.ts'
import { change } from './de/change.ts'
import { errors } from './de/errors.ts'
import { faults } from './de/faults.ts'
import { factorsReset } from './de/factors-reset.ts'
import { invitation } from './de/invitation.ts'
import { leaving } from './de/leaving.ts'
import { mfa } from './de/mfa.ts'
import { signInCode } from './de/sign-in-code.ts'
import { signIn } from './de/sign-in.ts'
import { upstream } from './de/upstream.ts'
import { passkeys } from './de/passkeys.ts'
import { passwords } from './de/passwords.ts'
import { twoStep } from './de/two-step.ts'
import type { Words } from './words.ts'

const minute = 60
const stamp = new Intl.DateTimeFormat('de-DE', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'UTC',
})

// Rounded up: a person who waits as long as the page says must get in.
function duration(seconds: number): string {
  const [count, unit] =
    seconds <= minute
      ? [Math.max(1, Math.ceil(seconds)), 'Sekunde']
      : [Math.ceil(seconds / minute), 'Minute']
  return `${count} ${unit}${count === 1 ? '' : 'n'}`
}

/** The German pages; they say „Sie“, as a service does to people it has not met. */
export const de: Words = {
  product: 'Signet',
  errorPrefix: 'Fehler: ',
  footer: {
    usedBy: (app) => [app, ' nutzt Signet für Ihre Anmeldung.'],
    language: 'Sprache',
  },
  summary: { title: 'Es gibt ein Problem' },
  app: {
    website: 'Website',
    policy: 'Datenschutzerklärung',
    terms: 'Nutzungsbedingungen',
    links: (app) => ['Über ', app],
  },
  fields: {
    name: 'Name',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    optional: 'optional',
    show: 'Anzeigen',
    showPassword: 'Passwort anzeigen',
    hide: 'Verbergen',
    hidePassword: 'Passwort verbergen',
  },
  wait: {
    throttled: (seconds) =>
      `Zu viele Versuche. Versuchen Sie es in ${duration(seconds)} noch einmal.`,
    busy: (seconds) =>
      `Gerade melden sich viele Menschen an. Versuchen Sie es in ${duration(seconds)} noch einmal.`,
    counting: 'Nächster Versuch möglich in {time}',
    over: 'Sie können es jetzt noch einmal versuchen.',
  },
  login: {
    title: 'Anmelden',
    titleFor: (app) => ['Bei ', app, ' anmelden'],
    reauthenticateTitle: 'Bestätigen Sie, dass Sie es sind',
    reauthenticate: 'Melden Sie sich noch einmal an, um fortzufahren.',
    reauthenticateFor: (app) => [
      'Melden Sie sich noch einmal an. Dann geht es weiter zu ',
      app,
      '.',
    ],
    switchingFrom: (email) => [
      'Sie sind als ',
      email,
      ' angemeldet. Melden Sie sich mit einem anderen Konto an.',
    ],
    submit: 'Anmelden',
    cancel: 'Abbrechen und zurück',
    cancelTo: (app) => ['Abbrechen und zurück zu ', app],
    wrong: 'E-Mail-Adresse oder Passwort ist falsch.',
    missing: {
      email: 'Geben Sie Ihre E-Mail-Adresse ein.',
      password: 'Geben Sie Ihr Passwort ein.',
    },
  },
  consent: {
    title: (app) => ['Darf ', app, ' Ihr Konto nutzen?'],
    lead: 'Wenn Sie es erlauben, kann diese Anwendung:',
    newScope: 'Neu',
    notYou: 'Nicht Ihr Konto?',
    useAnother: 'Anderes Konto verwenden',
    allow: 'Erlauben',
    deny: 'Ablehnen',
    next: (host) => ['In beiden Fällen geht es weiter zu ', host, '.'],
    fullAddress: 'Vollständige Adresse anzeigen',
  },
  scopes: {
    openid: 'Sie beim nächsten Besuch wiedererkennen',
    profile: 'Ihren Namen, Ihr Bild und weitere Profilangaben sehen',
    email: 'Ihre E-Mail-Adresse sehen',
    address: 'Ihre Postanschrift sehen',
    phone: 'Ihre Telefonnummer sehen',
    offline_access: 'Für Sie angemeldet bleiben, auch wenn Sie sie nicht nutzen',
  },
  selectAccount: {
    title: 'Konto auswählen',
    lead: (app) => ['Danach geht es weiter zu ', app, '.'],
    other: 'Anderes Konto verwenden',
  },
  signOut: {
    title: 'Abmelden?',
    ask: 'Sie werden in diesem Browser von Signet abgemeldet.',
    askFor: (app) => [app, ' möchte Sie in diesem Browser von Signet abmelden.'],
    yes: 'Abmelden',
    no: 'Abbrechen',
    doneTitle: 'Sie sind abgemeldet',
    done: 'Ihre Sitzung in diesem Browser ist beendet.',
    shared: 'Schließen Sie an einem gemeinsam genutzten Computer auch das Browserfenster.',
    continueTo: (app) => ['Weiter zu ', app],
    continue: 'Weiter',
  },
  home: {
    signedInTitle: 'Sie sind angemeldet',
    signedIn: 'In diesem Browser können Anwendungen, die Signet nutzen, Sie jetzt erkennen.',
    signedOutTitle: 'Eine Anmeldung für alle Ihre Anwendungen',
    signedOut: 'Signet bestätigt Ihren Anwendungen, wer Sie sind. Ihr Passwort bleibt hier.',
    signIn: 'Anmelden',
    signOut: 'Abmelden',
  },
  setup: {
    title: 'Signet einrichten',
    lead: 'Legen Sie das erste Administrationskonto an. Dieser Link gilt nur einmal.',
    submit: 'Administrationskonto anlegen',
    doneTitle: 'Signet ist bereit',
    done: 'Das erste Administrationskonto ist angelegt. Der Einrichtungslink gilt nicht mehr.',
    doneSignIn: 'Anmelden',
    problems: {
      nameTooLong: 'Geben Sie einen kürzeren Namen ein.',
      emailMissing: 'Geben Sie eine E-Mail-Adresse ein.',
      emailInvalid: 'Geben Sie eine E-Mail-Adresse wie name@example.com ein.',
      emailTaken: 'Für diese E-Mail-Adresse gibt es bereits ein Konto.',
    },
  },
  register: {
    link: 'Konto anlegen',
    title: 'Konto anlegen',
    lead: (app) => ['Danach geht es weiter zu ', app, '.'],
    submit: 'Konto anlegen',
    haveAccount: 'Sie haben schon ein Konto?',
    closedTitle: 'Keine Registrierung möglich',
    closed:
      'Hier können keine neuen Konten angelegt werden. Wenn Sie eines brauchen, fragen Sie die Betreiber dieses Dienstes.',
    invited:
      'Neue Konten gibt es nur auf Einladung. Wenn Sie eingeladen sind, öffnen Sie den Link aus dieser E-Mail. Sonst fragen Sie die Betreiber dieses Dienstes.',
  },
  verifyEmail: {
    title: 'Sehen Sie in Ihr Postfach',
    lead: (email) => [
      'Wir haben an ',
      email,
      ' geschrieben. Geben Sie hier den Code aus unserer E-Mail ein.',
    ],
    code: 'Code',
    codeHint: '6 Ziffern. Ein Code gilt 10 Minuten.',
    submit: 'Weiter',
    resend: 'Noch eine E-Mail senden',
    resendIn: 'Eine weitere E-Mail ist möglich in {time}',
    resendNow: 'Sie können jetzt eine weitere E-Mail anfordern.',
    resent:
      'Eine weitere E-Mail ist unterwegs, außer dieses Postfach hat in der letzten Stunde schon mehrere erhalten.',
    nothing: 'Nichts angekommen? Sehen Sie auch im Spamordner nach.',
    change: 'Andere Adresse verwenden',
    problems: {
      shape: 'Der Code muss aus 6 Ziffern bestehen.',
      wrong: 'Dieser Code passt nicht. Verwenden Sie den aus unserer neuesten E-Mail.',
      expired: 'Dieser Code ist abgelaufen. Fordern Sie eine weitere E-Mail an.',
      exhausted: 'Zu viele Versuche mit diesem Code. Fordern Sie eine weitere E-Mail an.',
    },
    linkTitle: 'Konto bestätigen',
    linkLead: (email) => ['Ein Klick, und das Konto für ', email, ' ist bereit.'],
    linkWarning:
      'Fahren Sie nur fort, wenn Sie dieses Konto selbst angefordert und das Passwort selbst gewählt haben. Schließen Sie sonst diese Seite: Es wird kein Konto angelegt.',
    linkPassword: 'Das Sie bei der Registrierung gewählt haben.',
    linkSubmit: 'Konto anlegen',
    created: 'Ihr Konto ist bereit. Melden Sie sich mit dem gewählten Passwort an.',
  },
  mails: {
    registration: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      intro: 'Sie sind dabei, mit dieser Adresse ein Konto anzulegen.',
      code: 'Geben Sie diesen Code auf der Seite ein, auf der Sie begonnen haben:',
      action: 'Oder öffnen Sie diesen Link',
      validity: 'Der Code gilt 10 Minuten, der Link 24 Stunden, und beide nur einmal.',
      notYou:
        'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ohne Ihre Bestätigung wird kein Konto angelegt.',
    },
    passwordReset: {
      subject: 'Wählen Sie ein neues Passwort',
      intro: 'Jemand, vielleicht Sie selbst, hat für Ihr Konto ein neues Passwort angefordert.',
      action: 'Neues Passwort wählen',
      validity: 'Der Link gilt 30 Minuten, und nur einmal.',
      notYou:
        'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ihr Passwort bleibt, wie es ist.',
    },
    passwordChanged: {
      subject: 'Ihr Passwort wurde geändert',
      intro: (when) => `Das Passwort Ihres Kontos wurde geändert: ${when}.`,
      effect: 'Alle Geräte wurden abgemeldet.',
      action: 'Wenn Sie das nicht waren, wählen Sie ein neues Passwort',
      nothing: 'Wenn Sie das waren, müssen Sie nichts tun.',
    },
    alreadyRegistered: {
      subject: 'Sie haben bereits ein Konto',
      intro:
        'Jemand, vielleicht Sie selbst, wollte mit dieser Adresse ein Konto anlegen. Es gibt aber schon eines.',
      forgotten:
        'Wenn Sie Ihr Passwort nicht mehr wissen, können Sie auf der Anmeldeseite ein neues setzen.',
      action: 'Anmelden',
      notYou: 'Wenn Sie das nicht waren, müssen Sie nichts tun. Es wurde nichts geändert.',
    },
  },
  forgotPassword: {
    link: 'Passwort vergessen?',
    title: 'Passwort vergessen?',
    lead: 'Geben Sie die E-Mail-Adresse Ihres Kontos ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen.',
    submit: 'Link senden',
    back: 'Zurück zur Anmeldung',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (email) => [
      'Falls es ein Konto für ',
      email,
      ' gibt, haben wir einen Link gesendet. Er gilt 30 Minuten.',
    ],
  },
  resetPassword: {
    title: 'Neues Passwort wählen',
    lead: (email) => ['Für ', email, '. Sie werden auf allen Geräten abgemeldet.'],
    submit: 'Passwort ändern',
    staleTitle: 'Dieser Link gilt nicht mehr',
    stale:
      'Er wurde schon benutzt, ist älter als 30 Minuten, oder das Passwort wurde seitdem geändert.',
    again: 'Neuen Link senden',
    done: 'Ihr Passwort ist geändert. Melden Sie sich mit dem neuen an.',
  },
  actions: {
    continueTo: (app) => ['Weiter zu ', app],
    continue: 'Weiter',
    startAgain: 'Neu beginnen',
    backTo: (app) => ['Zurück zu ', app],
    toHome: 'Zur Startseite',
  },
  account,
  change,
  apps,
  devices,
  overview,
  profile,
  securityLog,
  leaving,
  invitation,
  factorsReset,
  accounts,
  api,
  mfa,
  signIn,
  upstream,
  signInCode,
  passwords,
  passkeys,
  twoStep,
  errors,
  faults,
  errorDetails: {
    code: 'Fehler',
    reference: 'Referenz',
    time: 'Zeit',
    expected: 'Erwartet',
    received: 'Erhalten',
    copy: 'Angaben kopieren',
    copied: 'Kopiert',
    when: (at) => `${stamp.format(at)} UTC`,
  },
}
