import type { AccountsWords } from '../sections/accounts.ts'

export const accounts: AccountsWords = {
  others: 'Also signed in here',
  signOut: 'Sign out',
  signOutAll: 'Sign out of all accounts',
  askAll: 'All these accounts will be signed out in this browser.',
  othersStay: 'Other accounts in this browser stay signed in.',
}
