import type { OverviewWords } from '../sections/overview.ts'

export const overview: OverviewWords = {
  greeting: (name) => ['Guten Tag, ', name],
  editProfile: 'Profil bearbeiten',
  signIn: 'So melden Sie sich an',
  verified: 'Bestätigt',
  unverified: 'Nicht bestätigt',
  passwordChanged: (when) => `Zuletzt geändert: ${when}`,
  noPassword: 'Keines gesetzt',
  access: 'Hier wird Ihr Konto genutzt',
  devices: 'Geräte',
  apps: 'Verbundene Apps',
  appsNone: 'Noch keine',
  activity: 'Letzte Ereignisse',
  wholeLog: 'Ganzes Protokoll anzeigen',
  change: 'Ändern',
  show: 'Anzeigen',
}
