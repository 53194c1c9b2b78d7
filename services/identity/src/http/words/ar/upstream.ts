import type { UpstreamWords } from '../sections/upstream.ts'

export const upstream: UpstreamWords = {
  signIn: (provider) => `تسجيل الدخول باستخدام ${provider}`,
  or: 'أو',
  lastUsed: 'آخر طريقة استُخدمت',
  proveFirst: (provider) => `يوجد حساب بهذا البريد الإلكتروني بالفعل. سجّل الدخول لربط ${provider}.`,
  tryAgain: 'إعادة المحاولة',
  otherWays: 'طرق أخرى لتسجيل الدخول',
  problems: {
    cancelled: {
      title: (provider) => `أُلغي تسجيل الدخول عبر ${provider}`,
      lead: () => 'لم يتغير شيء. يمكنك المحاولة مرة أخرى أو تسجيل الدخول بطريقة أخرى.',
    },
    refused: {
      title: (provider) => `لم يُتح ${provider} تسجيل الدخول`,
      lead: (provider) => `رفض ${provider} هذه المحاولة ولم يذكر لنا السبب.`,
    },
    unreachable: {
      title: (provider) => `يتعذر الوصول إلى ${provider}`,
      lead: (provider) =>
        `لا يستجيب ${provider} الآن. أعد المحاولة بعد قليل أو سجّل الدخول بطريقة أخرى.`,
    },
    failed: {
      title: (provider) => `لم ينجح تسجيل الدخول عبر ${provider}`,
      lead: (provider) => `تعذر التحقق مما أرسله ${provider}، لذلك لم نستخدمه.`,
    },
    other_domain: {
      title: () => 'هذا الحساب ليس من المؤسسة الصحيحة',
      lead: (provider) => `اختر حساب مؤسستك لدى ${provider}.`,
    },
    disabled: {
      title: () => 'هذا الحساب موقوف',
      lead: () => 'لا يمكن تسجيل الدخول إليه. تواصل مع القائمين على هذه الخدمة.',
    },
    closed: {
      title: () => 'لا يوجد حساب لك هنا',
      lead: () => 'لا تقبل هذه الخدمة حسابات جديدة. إن كان لديك حساب فسجّل الدخول بطريقة أخرى.',
    },
    invited: {
      title: () => 'تحتاج إلى دعوة',
      lead: () => 'الحسابات الجديدة بالدعوة فقط. افتح رابط دعوتك أولًا.',
    },
    expired: {
      title: () => 'لم يعد بالإمكان إكمال تسجيل الدخول هذا',
      lead: (provider) =>
        `اكتمل من قبل أو استغرق وقتًا طويلًا أو بدأ في متصفح آخر، أو أن ملفات تعريف الارتباط معطّلة. ابدأ من جديد عبر ${provider}.`,
    },
  },
  address: {
    title: 'ما عنوان بريدك الإلكتروني؟',
    lead: (provider) => `لم يذكره لنا ${provider}. سنرسل رمزًا إليه.`,
  },
  code: {
    title: 'تحقق من بريدك الإلكتروني',
    lead: (email) => `أرسلنا رمزًا من 6 أرقام إلى ${email}. أدخله للمتابعة.`,
    sent: 'أرسلنا رمزًا جديدًا.',
    resend: 'إرسال رمز جديد',
    wrong: 'هذا الرمز غير صحيح. راجع أحدث رسالة منا.',
    expired: 'لم يعد هذا الرمز صالحًا. اطلب رمزًا جديدًا.',
  },
  connections: {
    title: 'الحسابات المرتبطة',
    lead: 'حسابات لدى خدمات أخرى يمكنك تسجيل الدخول بها.',
    empty: 'لا يوجد حساب آخر مرتبط بعد.',
    available: 'ربط حساب آخر',
    connect: (provider) => `ربط ${provider}`,
    disconnect: 'إلغاء الربط',
    disconnectOf: (provider) => `إلغاء ربط ${provider}`,
    since: (when) => `رُبط ${when}`,
    lastUsed: (when) => `آخر استخدام ${when}`,
    last: 'هذه طريقتك الوحيدة لتسجيل الدخول. عيّن كلمة مرور أولًا.',
    done: {
      connected: 'تم الربط. يمكنك تسجيل الدخول به من الآن.',
      already: 'كان هذا الحساب مرتبطًا من قبل.',
      disconnected: 'أُلغي الربط. لم يعد بإمكانك تسجيل الدخول به.',
    },
    taken: 'ذلك الحساب مرتبط بشخص آخر هنا. لم يتغير شيء.',
    confirmTitle: (provider) => `هل تريد ربط ${provider}؟`,
    confirmLead: (provider) => `بعد ذلك يمكنك تسجيل الدخول إلى هذا الحساب عبر ${provider}.`,
    confirm: 'ربط',
    notNow: 'ليس الآن',
  },
  mails: {
    code: {
      subject: 'رمزك',
      intro: (provider) =>
        `يسجّل شخص ما الدخول عبر ${provider} وقد ذكر هذا البريد الإلكتروني. إن كنت أنت فأدخل الرمز.`,
      code: 'رمزك:',
      notYou: 'إن لم تكن أنت فلا تفعل شيئًا: لن يحدث شيء دون الرمز.',
    },
    linked: {
      subject: (provider) => `رُبط ${provider} بحسابك`,
      intro: (when) => `يمكن الآن تسجيل الدخول إلى حسابك به (${when}).`,
    },
    unlinked: {
      subject: (provider) => `أُلغي ربط ${provider} بحسابك`,
      intro: (when) => `لم يعد بالإمكان تسجيل الدخول إلى حسابك به (${when}).`,
    },
  },
}
