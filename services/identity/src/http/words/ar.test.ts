import t from 'tap'
import { ar } from './ar.ts'
import { plain } from './words.ts'

void t.test('a wait takes the form of its number: one, two, a few, many', async (t) => {
  const waits: readonly (readonly [number, string])[] = [
    [0, 'ثانية واحدة'],
    [1, 'ثانية واحدة'],
    [2, 'ثانيتين'],
    [3, '3 ثوانٍ'],
    [10, '10 ثوانٍ'],
    [11, '11 ثانية'],
    [60, '60 ثانية'],
    [61, 'دقيقتين'],
    [180, '3 دقائق'],
    [600, '10 دقائق'],
    [601, '11 دقيقة'],
    [3600, '60 دقيقة'],
    [6000, '100 دقيقة'],
    [6180, '103 دقائق'],
  ]
  for (const [seconds, text] of waits) {
    const end = `يمكنك المحاولة مجددًا بعد ${text}.`
    t.equal(ar.wait.throttled(seconds), `عدد المحاولات كبير جدًا. ${end}`, String(seconds))
    t.ok(ar.wait.busy(seconds).endsWith(end), String(seconds))
  }
})

void t.test('the length of a password likewise', async (t) => {
  const { hint, faults } = ar.passwords
  const lengths: readonly (readonly [number, string])[] = [
    [1, 'حرف واحد'],
    [2, 'حرفين'],
    [8, '8 أحرف'],
    [12, '12 حرفًا'],
    [99, '99 حرفًا'],
    [100, '100 حرف'],
    [102, '102 حرف'],
    [0, '0 حرف'],
  ]
  for (const [minimum, text] of lengths) {
    t.equal(faults.short(minimum), `قصيرة جدًا: يُرجى إضافة ${text} على الأقل.`)
    t.ok(hint(minimum).startsWith(`يجب ألا تقل عن ${text}.`))
  }
})

void t.test('a name stands inside its sentence, as it is', async (t) => {
  const inset = { markup: true }
  t.same(ar.consent.title(inset), ['السماح لتطبيق ', inset, ' باستخدام حسابك؟'])
  t.equal(plain(ar.login.titleFor('<b>')), 'تسجيل الدخول إلى <b>')
})

void t.test('a date has the month in words and Latin digits, whatever Intl prefers', async (t) => {
  t.equal(
    ar.errorDetails.when(new Date('2026-11-21T14:03:22Z')),
    '21 نوفمبر 2026، 14:03:22 بتوقيت UTC',
  )
})
