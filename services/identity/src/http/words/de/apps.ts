import type { AppsWords } from '../sections/apps.ts'

export const apps: AppsWords = {
  title: 'Verbundene Apps',
  lead: 'Apps, die Ihr Konto nutzen können, und was sie damit tun dürfen.',
  empty:
    'Noch nutzt keine App Ihr Konto. Hier stehen später die Apps, bei denen Sie sich damit anmelden.',
  can: 'Sie darf:',
  since: (when) => `Seit ${when}`,
  lastUsed: (when) => `Zuletzt benutzt: ${when}`,
  trusted: 'Gehört zu diesem Dienst und braucht keine Erlaubnis',
  remove: 'Zugriff entfernen',
  removeOf: (app) => `Zugriff entfernen: ${app}`,
  removed: 'Die App kann Ihr Konto nicht mehr nutzen.',
  removeTitle: (app) => ['Zugriff von ', app, ' entfernen?'],
  removeLead: 'Das gilt sofort:',
  effects: {
    access: 'Die App wird auf allen Geräten von Ihrem Konto abgemeldet.',
    account:
      'Was sie über Sie gespeichert hat, bleibt dort. Wenn es gelöscht werden soll, fragen Sie den Anbieter.',
    again: 'Wenn Sie sie wieder benutzen, werden Sie wieder um Erlaubnis gefragt.',
    returns: 'Wenn Sie sie wieder benutzen, wird sie ohne Nachfrage wieder verbunden.',
  },
  keep: 'Zugriff behalten',
}
