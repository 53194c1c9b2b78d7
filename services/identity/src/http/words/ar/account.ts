import type { AccountWords } from '../sections/account.ts'

export const account: AccountWords = {
  title: 'حسابك',
  skip: 'انتقل إلى المحتوى',
  signOut: 'تسجيل الخروج',
  sections: {
    overview: 'نظرة عامة',
    profile: 'الملف الشخصي',
    email: 'البريد الإلكتروني',
    password: 'كلمة المرور',
    twoStep: 'الدخول بخطوتين',
    passkeys: 'مفاتيح المرور',
    connections: 'الحسابات المرتبطة',
    sessions: 'الأجهزة',
    apps: 'التطبيقات المرتبطة',
    securityLog: 'سجل الأمان',
    data: 'بياناتك',
  },
}
