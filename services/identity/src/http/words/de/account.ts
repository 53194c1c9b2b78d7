import type { AccountWords } from '../sections/account.ts'

export const account: AccountWords = {
  title: 'Ihr Konto',
  skip: 'Zum Inhalt springen',
  signOut: 'Abmelden',
  sections: {
    overview: 'Übersicht',
    profile: 'Profil',
    email: 'E-Mail',
    password: 'Passwort',
    twoStep: 'Zwei Schritte',
    passkeys: 'Passkeys',
    connections: 'Verbundene Konten',
    sessions: 'Geräte',
    apps: 'Verbundene Apps',
    securityLog: 'Sicherheitsprotokoll',
    data: 'Ihre Daten',
  },
}
