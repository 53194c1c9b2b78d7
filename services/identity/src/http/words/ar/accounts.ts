import type { AccountsWords } from '../sections/accounts.ts'

export const accounts: AccountsWords = {
  others: 'حسابات أخرى مسجّلة الدخول هنا',
  signOut: 'تسجيل الخروج',
  signOutAll: 'تسجيل الخروج من جميع الحسابات',
  askAll: 'سيتم تسجيل خروج جميع هذه الحسابات في هذا المتصفح.',
  othersStay: 'لا تزال حسابات أخرى مسجّلة الدخول في هذا المتصفح.',
}
