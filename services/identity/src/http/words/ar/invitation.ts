import type { InvitationWords } from '../sections/invitation.ts'

export const invitation: InvitationWords = {
  lead: (email) => ['وصلتك دعوة على العنوان ', email, '.'],
  staleTitle: 'لم تعد هذه الدعوة صالحة',
  stale: 'تصلح الدعوة لمدة 7 أيام ولمرة واحدة فقط. يُرجى طلب دعوة أخرى ممن دعاك.',
  staleButOpen: 'لم تعد هذه الدعوة صالحة. يمكنك إنشاء حساب دونها.',
  mails: {
    subject: 'دعوة إلى Signet',
    intro: 'تمت دعوتك إلى إنشاء حساب بهذا العنوان.',
    action: 'إنشاء حسابك',
    validity: 'يصلح الرابط لمدة 7 أيام ولمرة واحدة فقط.',
    notYou: 'إذا لم تكن هذه الرسالة متوقعة، فيُرجى تجاهلها. لا يُنشأ أي حساب دونك.',
  },
}
