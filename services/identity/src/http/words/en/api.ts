import type { ApiWords } from '../sections/api.ts'

export const api: ApiWords = {
  scopes: {
    'account:read': 'See your account: its details, devices, connected apps and security log',
    account:
      'Manage your account: change its details, email address and password, sign devices out, and delete it',
  },
  docs: {
    title: 'APIs',
    lead: 'What programs can do here, in the name of a person who allowed it.',
    english: 'The reference itself is in English in every language.',
    document: 'Machine-readable description',
    all: 'All operations',
    problems: 'Problems',
    problemsLead: 'What an answer can report instead of a result, by the end of its type.',
    base: 'Address',
    audience: 'Audience of the token',
    permission: 'Permission',
    permissions: 'Permissions',
    proof: 'Sign-in',
    proofFresh: 'Within the last ten minutes',
    proofAny: 'At any time before',
    parameters: 'Parameters',
    body: 'Body',
    answer: 'Answer',
    example: 'Example',
    required: 'required',
    status: 'Status',
  },
}
