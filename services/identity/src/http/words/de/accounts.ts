import type { AccountsWords } from '../sections/accounts.ts'

export const accounts: AccountsWords = {
  others: 'Hier auch angemeldet',
  signOut: 'Abmelden',
  signOutAll: 'Von allen Konten abmelden',
  askAll: 'Alle diese Konten werden in diesem Browser abgemeldet.',
  othersStay: 'Andere Konten sind in diesem Browser weiterhin angemeldet.',
}
