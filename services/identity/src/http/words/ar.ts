import { account } from './ar/account.ts'
import { apps } from './ar/apps.ts'
import { devices } from './ar/devices.ts'
import { overview } from './ar/overview.ts'
import { profile } from './ar/profile.ts'
import { securityLog } from './ar/security-log.ts'
import { accounts } from './ar/accounts.ts'
import { api } from './ar/api.ts'
import { type Counted, counted } from './ar/counted.ts'
import { change } from './ar/change.ts'
import { errors } from './ar/errors.ts'
import { faults } from './ar/faults.ts'
import { factorsReset } from './ar/factors-reset.ts'
import { invitation } from './ar/invitation.ts'
import { leaving } from './ar/leaving.ts'
import { mfa } from './ar/mfa.ts'
import { signInCode } from './ar/sign-in-code.ts'
import { signIn } from './ar/sign-in.ts'
import { upstream } from './ar/upstream.ts'
import { passkeys } from './ar/passkeys.ts'
import { passwords } from './ar/passwords.ts'
import { twoStep } from './ar/two-step.ts'
import type { Words } from './words.ts'

// Latin digits, which Arabic readers everywhere know: the countdown, codes and references show them
// too, and the default of `ar` differs between countries and between versions of Intl.
const locale = 'ar-u-nu-latn'
const minute = 60
const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
})

const aSecond: Counted = {
  one: 'ثانية واحدة',
  two: 'ثانيتين',
  few: 'ثوانٍ',
  many: 'ثانية',
  other: 'ثانية',
}
const aMinute: Counted = {
  one: 'دقيقة واحدة',
  two: 'دقيقتين',
  few: 'دقائق',
  many: 'دقيقة',
  other: 'دقيقة',
}

// Rounded up: a person who waits as long as the page says must get in.
function duration(seconds: number): string {
  return seconds <= minute
    ? counted(Math.max(1, Math.ceil(seconds)), aSecond)
    : counted(Math.ceil(seconds / minute), aMinute)
}

/**
 * The Arabic pages. They ask by verbal nouns, which address women and men alike, and put the word
 * for application before its name, so that a verb agrees with it whatever the name is.
 */
export const ar: Words = {
  product: 'Signet',
  errorPrefix: 'خطأ: ',
  footer: {
    usedBy: (app) => ['يستخدم تطبيق ', app, ' خدمة Signet لتسجيل دخولك.'],
    language: 'اللغة',
  },
  summary: { title: 'حدثت مشكلة' },
  app: {
    website: 'الموقع الإلكتروني',
    policy: 'سياسة الخصوصية',
    terms: 'شروط الخدمة',
    links: (app) => ['حول تطبيق ', app],
  },
  fields: {
    name: 'الاسم',
    email: 'البريد الإلكتروني',
    password: 'كلمة المرور',
    optional: 'اختياري',
    show: 'إظهار',
    showPassword: 'إظهار كلمة المرور',
    hide: 'إخفاء',
    hidePassword: 'إخفاء كلمة المرور',
  },
  wait: {
    throttled: (seconds) =>
      `عدد المحاولات كبير جدًا. يمكنك المحاولة مجددًا بعد ${duration(seconds)}.`,
    busy: (seconds) =>
      `يسجّل كثيرون الدخول في هذه اللحظة. يمكنك المحاولة مجددًا بعد ${duration(seconds)}.`,
    counting: 'يمكنك المحاولة مجددًا بعد {time}',
    over: 'يمكنك المحاولة مجددًا الآن.',
  },
  login: {
    title: 'تسجيل الدخول',
    titleFor: (app) => ['تسجيل الدخول إلى ', app],
    reauthenticateTitle: 'تأكيد هويتك',
    reauthenticate: 'يُرجى تسجيل الدخول مجددًا للمتابعة.',
    reauthenticateFor: (app) => ['يُرجى تسجيل الدخول مجددًا للمتابعة إلى ', app, '.'],
    switchingFrom: (email) => ['تم تسجيل دخولك بالحساب ', email, '. يُرجى تسجيل الدخول بحساب آخر.'],
    submit: 'تسجيل الدخول',
    cancel: 'إلغاء والعودة',
    cancelTo: (app) => ['إلغاء والعودة إلى ', app],
    wrong: 'البريد الإلكتروني أو كلمة المرور غير صحيحة.',
    missing: { email: 'يُرجى إدخال بريدك الإلكتروني.', password: 'يُرجى إدخال كلمة المرور.' },
  },
  consent: {
    title: (app) => ['السماح لتطبيق ', app, ' باستخدام حسابك؟'],
    lead: 'عند السماح، يمكن لهذا التطبيق:',
    newScope: 'جديد',
    notYou: 'ليس حسابك؟',
    useAnother: 'استخدام حساب آخر',
    allow: 'السماح',
    deny: 'الرفض',
    next: (host) => ['في كلتا الحالتين، ستكون وجهتك التالية ', host, '.'],
    fullAddress: 'إظهار العنوان الكامل',
  },
  scopes: {
    openid: 'التعرّف عليك عند عودتك',
    profile: 'الاطّلاع على اسمك وصورتك وبيانات ملفك الشخصي الأخرى',
    email: 'الاطّلاع على بريدك الإلكتروني',
    address: 'الاطّلاع على عنوانك البريدي',
    phone: 'الاطّلاع على رقم هاتفك',
    offline_access: 'الاحتفاظ بتسجيل دخولك حتى أثناء عدم استخدام التطبيق',
  },
  selectAccount: {
    title: 'اختيار حساب',
    lead: (app) => ['للمتابعة إلى ', app],
    other: 'استخدام حساب آخر',
  },
  signOut: {
    title: 'تسجيل الخروج؟',
    ask: 'سيتم تسجيل خروجك من Signet في هذا المتصفح.',
    askFor: (app) => ['يطلب تطبيق ', app, ' تسجيل خروجك من Signet في هذا المتصفح.'],
    yes: 'تسجيل الخروج',
    no: 'إلغاء',
    doneTitle: 'تم تسجيل خروجك',
    done: 'انتهت جلستك في هذا المتصفح.',
    shared: 'على جهاز مشترك، يُستحسن إغلاق نافذة المتصفح أيضًا.',
    continueTo: (app) => ['المتابعة إلى ', app],
    continue: 'المتابعة',
  },
  home: {
    signedInTitle: 'تم تسجيل دخولك',
    signedIn: 'يمكن الآن للتطبيقات التي تستخدم Signet التعرّف عليك في هذا المتصفح.',
    signedOutTitle: 'تسجيل دخول واحد لكل تطبيقاتك',
    signedOut: 'تُثبت خدمة Signet هويتك لتطبيقاتك، وتبقى كلمة مرورك محفوظة هنا.',
    signIn: 'تسجيل الدخول',
    signOut: 'تسجيل الخروج',
  },
  setup: {
    title: 'إعداد Signet',
    lead: 'يُرجى إنشاء حساب الإدارة الأول. هذا الرابط صالح لمرة واحدة.',
    submit: 'إنشاء حساب الإدارة',
    doneTitle: 'خدمة Signet جاهزة',
    done: 'تم إنشاء حساب الإدارة الأول. لم يعد رابط الإعداد صالحًا.',
    doneSignIn: 'تسجيل الدخول',
    problems: {
      nameTooLong: 'يُرجى إدخال اسم أقصر.',
      emailMissing: 'يُرجى إدخال عنوان بريد إلكتروني.',
      emailInvalid: 'يُرجى إدخال عنوان بريد إلكتروني مثل name@example.com.',
      emailTaken: 'يوجد بالفعل حساب بهذا البريد الإلكتروني.',
    },
  },
  register: {
    link: 'إنشاء حساب',
    title: 'إنشاء حسابك',
    lead: (app) => ['تلي ذلك المتابعة إلى ', app, '.'],
    submit: 'إنشاء الحساب',
    haveAccount: 'لديك حساب بالفعل؟',
    closedTitle: 'التسجيل مغلق',
    closed:
      'لا يمكن إنشاء حسابات جديدة هنا. عند الحاجة إلى حساب، يُرجى التواصل مع القائمين على هذه الخدمة.',
    invited:
      'لا تُنشأ الحسابات الجديدة إلا بدعوة. إذا وصلتك دعوة، فيُرجى فتح الرابط الوارد في رسالتها. وإلا فيُرجى التواصل مع القائمين على هذه الخدمة.',
  },
  verifyEmail: {
    title: 'مراجعة بريدك الإلكتروني',
    lead: (email) => ['أرسلنا رسالة إلى ', email, '. يُرجى إدخال الرمز الوارد فيها هنا.'],
    code: 'الرمز',
    codeHint: 'يتكوّن الرمز من 6 أرقام ويصلح لمدة 10 دقائق.',
    submit: 'المتابعة',
    resend: 'إرسال رسالة أخرى',
    resendIn: 'يمكنك طلب رسالة أخرى بعد {time}',
    resendNow: 'يمكنك طلب رسالة أخرى الآن.',
    resent: 'رسالة أخرى في طريقها إليك، إلا إذا وصلت إلى هذا البريد عدة رسائل في الساعة الأخيرة.',
    nothing: 'لم يصل شيء؟ يُرجى البحث في مجلد الرسائل غير المرغوب فيها أيضًا.',
    change: 'استخدام عنوان آخر',
    problems: {
      shape: 'يجب أن يتكوّن الرمز من 6 أرقام.',
      wrong: 'هذا الرمز غير صحيح. يُرجى استخدام الرمز الوارد في أحدث رسالة منا.',
      expired: 'انتهت صلاحية هذا الرمز. يُرجى طلب رسالة أخرى.',
      exhausted: 'عدد المحاولات بهذا الرمز كبير جدًا. يُرجى طلب رسالة أخرى.',
    },
    linkTitle: 'تأكيد حسابك',
    linkLead: (email) => ['بضغطة واحدة يصبح حساب ', email, ' جاهزًا.'],
    linkWarning:
      'تجب المتابعة فقط إذا كان طلب هذا الحساب واختيار كلمة مروره منك. وإلا فيُرجى إغلاق هذه الصفحة، ولن يُنشأ أي حساب.',
    linkPassword: 'كلمة المرور التي اخترتها عند طلب الحساب.',
    linkSubmit: 'إنشاء الحساب',
    created: 'حسابك جاهز. يُرجى تسجيل الدخول بكلمة المرور التي اخترتها.',
  },
  mails: {
    registration: {
      subject: 'تأكيد عنوان بريدك الإلكتروني',
      intro: 'تم طلب إنشاء حساب بهذا العنوان.',
      code: 'يُرجى إدخال هذا الرمز في الصفحة التي بدأت منها:',
      action: 'أو فتح هذا الرابط',
      validity: 'يصلح الرمز لمدة 10 دقائق والرابط لمدة 24 ساعة، وكلاهما لمرة واحدة فقط.',
      notYou: 'إذا لم يكن هذا الطلب منك، فيُرجى تجاهل هذه الرسالة. لا يُنشأ أي حساب دون تأكيدك.',
    },
    passwordReset: {
      subject: 'اختيار كلمة مرور جديدة',
      intro: 'طلب أحدهم، وربما كان ذلك منك، كلمة مرور جديدة لحسابك.',
      action: 'اختيار كلمة مرور جديدة',
      validity: 'يصلح الرابط لمدة 30 دقيقة ولمرة واحدة فقط.',
      notYou: 'إذا لم يكن هذا الطلب منك، فيُرجى تجاهل هذه الرسالة. تبقى كلمة مرورك كما هي.',
    },
    passwordChanged: {
      subject: 'تم تغيير كلمة مرورك',
      intro: (when) => `تم تغيير كلمة مرور حسابك: ${when}.`,
      effect: 'تم تسجيل الخروج من جميع الأجهزة.',
      action: 'إذا لم يكن هذا التغيير منك، فيُرجى اختيار كلمة مرور جديدة',
      nothing: 'إذا كان هذا التغيير منك، فلا داعي لأي إجراء.',
    },
    alreadyRegistered: {
      subject: 'لديك حساب بالفعل',
      intro: 'حاول أحدهم، وربما كان ذلك منك، إنشاء حساب بهذا العنوان. يوجد بالفعل حساب به.',
      forgotten: 'عند نسيان كلمة المرور، يمكن تعيين كلمة جديدة من صفحة تسجيل الدخول.',
      action: 'تسجيل الدخول',
      notYou: 'إذا لم يكن هذا الطلب منك، فلا داعي لأي إجراء. لم يتغيّر شيء.',
    },
  },
  forgotPassword: {
    link: 'هل نسيت كلمة المرور؟',
    title: 'هل نسيت كلمة المرور؟',
    lead: 'يُرجى إدخال عنوان البريد الإلكتروني لحسابك، وسنرسل إليك رابطًا لاختيار كلمة مرور جديدة.',
    submit: 'إرسال الرابط',
    back: 'العودة إلى تسجيل الدخول',
    sentTitle: 'يُرجى تفقّد بريدك الإلكتروني',
    sent: (email) => [
      'إذا كان هناك حساب للعنوان ',
      email,
      '، فقد أرسلنا رابطًا يصلح لمدة 30 دقيقة.',
    ],
  },
  resetPassword: {
    title: 'اختيار كلمة مرور جديدة',
    lead: (email) => ['للحساب ', email, '. سيتم تسجيل خروجك من جميع الأجهزة.'],
    submit: 'تغيير كلمة المرور',
    staleTitle: 'لم يعد هذا الرابط صالحًا',
    stale: 'سبق استخدامه، أو مرّ عليه أكثر من 30 دقيقة، أو تغيّرت كلمة المرور بعده.',
    again: 'إرسال رابط جديد',
    done: 'تم تغيير كلمة المرور. يُرجى تسجيل الدخول بكلمة المرور الجديدة.',
  },
  actions: {
    continueTo: (app) => ['المتابعة إلى ', app],
    continue: 'المتابعة',
    startAgain: 'البدء من جديد',
    backTo: (app) => ['العودة إلى ', app],
    toHome: 'الانتقال إلى الصفحة الرئيسية',
  },
  account,
  change,
  apps,
  devices,
  overview,
  profile,
  securityLog,
  leaving,
  invitation,
  factorsReset,
  accounts,
  api,
  mfa,
  signIn,
  upstream,
  signInCode,
  passwords,
  passkeys,
  twoStep,
  errors,
  faults,
  errorDetails: {
    code: 'الخطأ',
    reference: 'الرقم المرجعي',
    time: 'الوقت',
    expected: 'المتوقَّع',
    received: 'المستلَم',
    copy: 'نسخ التفاصيل',
    copied: 'تم النسخ',
    when: (at) => `${date.format(at)}، ${time.format(at)} بتوقيت UTC`,
  },
}
