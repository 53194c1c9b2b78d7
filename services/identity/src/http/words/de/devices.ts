import type { DevicesWords } from '../sections/devices.ts'

export const devices: DevicesWords = {
  title: 'Geräte',
  lead: 'Die Browser, in denen Sie jetzt angemeldet sind. Melden Sie ab, was Sie nicht kennen oder nicht mehr benutzen.',
  current: 'Dieses Gerät',
  unknown: 'Unbekanntes Gerät',
  onSystem: (system) => `unter ${system}`,
  inUse: 'Wird gerade benutzt',
  lastSeen: (when) => `Zuletzt gesehen: ${when}`,
  signedIn: (when) => `Angemeldet: ${when}`,
  address: (ip) => ['IP-Adresse ', ip],
  signOut: 'Abmelden',
  signOutOf: (device) => `${device} abmelden`,
  onlyThis: 'Sie sind nur auf diesem Gerät angemeldet.',
  others: {
    title: 'Andere Geräte',
    lead: 'Hier bleiben Sie angemeldet. Auf allen anderen Geräten werden Sie und Ihre Apps wieder nach dem Passwort gefragt.',
    submit: 'Alle anderen Geräte abmelden',
  },
  everywhere: {
    title: 'Überall',
    lead: 'Beendet jede Anmeldung, auch diese, und den Zugriff aller Apps, die Sie darin benutzt haben.',
    submit: 'Überall abmelden',
  },
  done: {
    one: 'Das Gerät ist abgemeldet.',
    others: 'Alle anderen Geräte sind abgemeldet.',
    everywhere: 'Sie sind auf allen Geräten abgemeldet.',
  },
}
