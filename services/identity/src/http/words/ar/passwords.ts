import type { PasswordWords } from '../sections/passwords.ts'
import { type Counted, counted } from './counted.ts'

const aCharacter: Counted = {
  one: 'حرف واحد',
  two: 'حرفين',
  few: 'أحرف',
  many: 'حرفًا',
  other: 'حرف',
}

export const passwords: PasswordWords = {
  hint: (minimum) =>
    `يجب ألا تقل عن ${counted(minimum, aCharacter)}. بضع كلمات لا رابط بينها قوية وسهلة التذكّر.`,
  faults: {
    missing: 'يُرجى إدخال كلمة مرور.',
    short: (lacking) => `قصيرة جدًا: يُرجى إضافة ${counted(lacking, aCharacter)} على الأقل.`,
    long: (maximum) => `طويلة جدًا: يُرجى ألا تزيد على ${counted(maximum, aCharacter)}.`,
    common: 'من أكثر كلمات المرور شيوعًا. يُرجى اختيار كلمة أخرى.',
    pattern:
      'من السهل تخمينها: فيها تكرار، أو تتبع ترتيب الأبجدية أو لوحة المفاتيح. يُرجى اختيار كلمة أخرى.',
    personal: 'من السهل تخمينها: معظمها اسمك أو عنوانك أو اسم هذه الخدمة. يُرجى اختيار كلمة أخرى.',
  },
  strength: {
    short: 'عدد الأحرف المتبقية: {count}',
    weak: 'من السهل تخمينها: يُرجى استخدام أحرف أكثر تنوعًا.',
    good: 'جيدة. الأطول أفضل.',
    strong: 'قوية.',
  },
}
