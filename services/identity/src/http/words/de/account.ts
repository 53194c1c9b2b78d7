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
    sessions: 'Geräte',
    apps: 'Verbundene Apps',
    securityLog: 'Sicherheitsprotokoll',
    data: 'Ihre Daten',
  },
}
