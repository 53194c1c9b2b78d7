import type { LeavingWords } from '../sections/leaving.ts'

const date = new Intl.DateTimeFormat('de-DE', { dateStyle: 'long', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat('de-DE', { timeStyle: 'short', timeZone: 'UTC' })

export const leaving: LeavingWords = {
  data: {
    title: 'Ihre Daten',
    lead: 'Alles, was wir über Sie speichern, in einer Datei, die Sie und andere Programme lesen können.',
    contentsTitle: 'Was darin steht',
    contents: {
      profile: 'Ihr Profil, Ihre E-Mail-Adresse und Ihre Rollen',
      devices: 'Die Geräte, auf denen Sie angemeldet sind oder vor Kurzem waren',
      applications: 'Die Anwendungen, denen Sie etwas erlaubt haben, und was sie dürfen',
      log: 'Ihr Sicherheitsprotokoll vom ersten Eintrag an',
    },
    without: 'Passwörter, Codes und Schlüssel stehen nicht darin.',
    download: 'Meine Daten herunterladen',
    deleteTitle: 'Konto löschen',
    deleteLead:
      'Sie lesen zuerst, was wann gelöscht wird, und können es sich auch danach noch anders überlegen.',
    deleteLink: 'Konto löschen',
  },
  delete: {
    title: 'Konto löschen',
    lead: (email) => ['Es geht um das Konto von ', email, '.'],
    goesTitle: 'Was gelöscht wird',
    goes: {
      account: 'Ihr Profil, Ihre E-Mail-Adresse, Ihr Passwort und Ihre Geräte.',
      applications:
        'Ihre Anmeldung bei allen Anwendungen. Was diese selbst gespeichert haben, können nur sie löschen.',
      log: 'Ihr Sicherheitsprotokoll. Wir behalten, was wann geschah, ohne Ihren Namen und ohne Adressen.',
    },
    whenTitle: 'Wann',
    when: (moment) => [
      'Sie werden sofort überall abgemeldet. Gelöscht wird das Konto am ',
      moment,
      '.',
    ],
    wayBack:
      'Bis dahin können Sie es behalten: mit dem Link, den wir Ihnen senden, oder indem Sie sich anmelden.',
    whenNow:
      'Sie werden sofort überall abgemeldet, und binnen Minuten ist das Konto gelöscht. Einen Weg zurück gibt es nicht.',
    afterwards:
      'Ein Konto, das Sie später mit derselben Adresse anlegen, ist ein neues. Anwendungen erkennen Sie dann nicht wieder.',
    word: 'LÖSCHEN',
    type: (word) => ['Geben Sie zur Bestätigung „', word, '“ ein'],
    wrong: (word) => `Geben Sie „${word}“ ein, wie es da steht.`,
    submit: 'Mein Konto löschen',
    cancel: 'Abbrechen',
    back: 'Zurück zu Ihren Daten',
    onlyAdministratorTitle: 'Niemand sonst verwaltet diesen Dienst',
    onlyAdministrator:
      'Jemand muss ihn betreiben. Geben Sie zuerst einer anderen Person die Rolle admin, dann können Sie Ihr Konto löschen.',
  },
  keep: {
    title: 'Ihr Konto wird gelöscht',
    lead: (email) => [
      'Das Konto von ',
      email,
      ' ist geschlossen. Niemand kann sich dort anmelden.',
    ],
    when: (moment) => [
      'Gelöscht wird es am ',
      moment,
      '. Bis dahin können Sie es behalten, mit allem, was darin ist.',
    ],
    asked:
      'Sie sind auf allen Geräten abgemeldet. Den Weg zurück haben wir Ihnen per E-Mail gesendet.',
    submit: 'Mein Konto behalten',
    staleTitle: 'Hier gibt es nichts zu behalten',
    stale:
      'Das Konto wurde inzwischen behalten oder gelöscht, oder diese Seite war zu lange offen. Melden Sie sich an, um zu sehen, wie es steht.',
    goneTitle: 'Ihr Konto wird jetzt gelöscht',
    gone: 'Sie sind auf allen Geräten abgemeldet. In wenigen Minuten gibt es das Konto nicht mehr.',
    kept: 'Ihr Konto bleibt, mit allem, was darin ist. Melden Sie sich an wie gewohnt.',
  },
  mails: {
    leaving: {
      subject: 'Ihr Konto wird gelöscht',
      intro: (when) => `Wie von Ihnen gewünscht, wird Ihr Konto gelöscht: ${when}.`,
      effect:
        'Bis dahin ist es geschlossen. Sie wurden auf allen Geräten und bei allen Anwendungen abgemeldet.',
      action: 'Mein Konto behalten',
      notYou:
        'Wenn Sie das nicht waren, behalten Sie das Konto und wählen Sie danach ein neues Passwort.',
    },
    kept: {
      subject: 'Ihr Konto bleibt',
      intro: 'Ihr Konto wird nicht gelöscht. Sie können sich wie gewohnt anmelden.',
      action: 'Wenn Sie das nicht waren, wählen Sie ein neues Passwort',
      nothing: 'Wenn Sie das waren, müssen Sie nichts tun.',
    },
    deleted: {
      subject: 'Ihr Konto ist gelöscht',
      intro: 'Wie von Ihnen gewünscht, wurde Ihr Konto mit allem, was darin war, gelöscht.',
      applications: 'Was Anwendungen selbst gespeichert haben, können nur sie löschen.',
      last: 'Dies ist unsere letzte E-Mail an Sie.',
    },
  },
  moment: (at) => `${date.format(at)} um ${time.format(at)} UTC`,
}
