import type { ApiWords } from '../sections/api.ts'

export const api: ApiWords = {
  scopes: {
    'account:read': 'الاطّلاع على حسابك: بياناته وأجهزته وتطبيقاته المرتبطة وسجل أمانه',
    account: 'إدارة حسابك: تغيير بياناته وبريدك الإلكتروني وكلمة مرورك، وتسجيل خروج الأجهزة، وحذفه',
  },
  docs: {
    title: 'واجهات البرمجة',
    lead: 'ما يمكن للبرامج فعله هنا نيابةً عن شخص سمح بذلك.',
    english: 'الشروح نفسها مكتوبة بالإنجليزية.',
    document: 'وصف تقرؤه البرامج',
    all: 'كل العمليات',
    problems: 'المشكلات',
    problemsLead: 'ما قد تُبلغ عنه الإجابة بدلًا من النتيجة، بحسب نهاية نوعها.',
    base: 'العنوان',
    audience: 'الجهة المقصودة بالرمز',
    permission: 'الصلاحية',
    permissions: 'الصلاحيات',
    proof: 'تسجيل الدخول',
    proofFresh: 'خلال آخر عشر دقائق',
    proofAny: 'في أي وقت سابق',
    parameters: 'المعاملات',
    body: 'المحتوى المرسَل',
    answer: 'الإجابة',
    example: 'مثال',
    required: 'مطلوب',
    status: 'رمز الحالة',
  },
}
