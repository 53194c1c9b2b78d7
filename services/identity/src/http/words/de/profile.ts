import type { ProfileWords } from '../sections/profile.ts'

export const profile: ProfileWords = {
  title: 'Ihr Profil',
  lead: 'Was hier steht, erfahren nur Apps, denen Sie es erlaubt haben. Lassen Sie leer, was Sie nicht angeben möchten.',
  groups: {
    about: 'Über Sie',
    links: 'Bild und Links',
    places: 'Sprache, Zeit und Telefon',
    address: 'Postanschrift',
  },
  fields: {
    name: 'Vollständiger Name',
    given_name: 'Vorname',
    middle_name: 'Weitere Vornamen',
    family_name: 'Nachname',
    nickname: 'Rufname',
    preferred_username: 'Benutzername',
    gender: 'Geschlecht',
    birthdate: 'Geburtsdatum',
    picture: 'Bild',
    profile: 'Profilseite',
    website: 'Website oder Blog',
    locale: 'Sprache',
    zoneinfo: 'Zeitzone',
    phone_number: 'Telefonnummer',
    street_address: 'Straße und Hausnummer',
    postal_code: 'Postleitzahl',
    locality: 'Ort',
    region: 'Bundesland oder Region',
    country: 'Land',
  },
  hints: {
    birthdate: (example) => ['Jahr, Monat, Tag: ', example, '. Das Jahr allein genügt.'],
    picture: 'Die Adresse eines Bildes im Web.',
    locale: (example) => ['Als Sprachkürzel: ', example, '.'],
    zoneinfo: (example) => ['Als Gebiet und Stadt: ', example, '.'],
    phone_number: (example) => ['Mit Ländervorwahl: ', example, '.'],
  },
  problems: {
    too_long: 'Das ist zu lang. Verwenden Sie weniger Zeichen.',
    characters:
      'Hier stehen Zeichen, die nicht möglich sind. Tippen Sie den Text, statt ihn einzufügen.',
    url: 'Geben Sie eine vollständige Webadresse ein, die mit https:// beginnt.',
    https: 'Geben Sie die vollständige Adresse eines Bildes ein, die mit https:// beginnt.',
    birthdate:
      'Geben Sie ein Datum in der Vergangenheit als Jahr, Monat und Tag ein, oder nur das Jahr.',
    time_zone: 'Diese Zeitzone ist nicht bekannt. Geben Sie ein Gebiet und eine Stadt ein.',
    language: 'Das ist kein Sprachkürzel.',
    phone: 'Geben Sie eine Telefonnummer ein, die mit + und der Ländervorwahl beginnt.',
  },
  submit: 'Änderungen speichern',
  saved: 'Ihr Profil ist gespeichert.',
  confirm:
    'Ihre Anmeldung liegt eine Weile zurück. Bestätigen Sie, dass Sie es sind, bevor Sie etwas ändern.',
  confirmAction: 'Identität bestätigen',
}
