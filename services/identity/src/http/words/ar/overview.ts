import type { OverviewWords } from '../sections/overview.ts'

export const overview: OverviewWords = {
  greeting: (name) => ['مرحبًا، ', name],
  editProfile: 'تعديل الملف الشخصي',
  signIn: 'كيف تسجّل الدخول',
  verified: 'مؤكَّد',
  unverified: 'غير مؤكَّد',
  passwordChanged: (when) => `آخر تغيير: ${when}`,
  noPassword: 'غير معيَّنة',
  access: 'أين يُستخدم حسابك',
  devices: 'الأجهزة',
  apps: 'التطبيقات المرتبطة',
  appsNone: 'لا شيء بعد',
  activity: 'أحدث النشاطات',
  wholeLog: 'عرض السجل كاملًا',
  change: 'تغيير',
  show: 'عرض',
}
