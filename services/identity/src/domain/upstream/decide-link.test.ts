import t from 'tap'
import { type LinkQuestion, type LocalAccount, decideLink } from './decide-link.ts'

const verified: LocalAccount = { userId: 'ada', emailVerified: true, standing: 'active' }
const unverified: LocalAccount = { ...verified, emailVerified: false }
const linked: LocalAccount = { ...verified, userId: 'bob' }
const stranger: LinkQuestion = {
  linked: undefined,
  local: undefined,
  mailbox: 'authoritative',
  signUp: 'open',
  link: 'proof',
}
const prove = { kind: 'prove_account', userId: 'ada' }
const wipe = { kind: 'wipe_and_link', userId: 'ada' }
const closed = { kind: 'sign_up_closed', signUp: 'closed' }

const rows: readonly (readonly [string, Partial<LinkQuestion>, unknown])[] = [
  ['no account, authoritative', {}, { kind: 'create' }],
  ['no account, not authoritative', { mailbox: 'unproved' }, { kind: 'prove_mailbox' }],
  ['no account, our own code entered', { mailbox: 'proved' }, { kind: 'create' }],
  ['no account, no address told', { mailbox: 'missing' }, { kind: 'ask_address' }],
  ['no account, setting auto', { link: 'auto' }, { kind: 'create' }],
  ['no account, closed', { signUp: 'closed' }, closed],
  ['no account, closed, our own code entered', { signUp: 'closed', mailbox: 'proved' }, closed],
  [
    'no account, by invitation only',
    { signUp: 'invited' },
    { kind: 'sign_up_closed', signUp: 'invited' },
  ],
  ['verified, authoritative', { local: verified }, prove],
  ['verified, authoritative, closed to strangers', { local: verified, signUp: 'closed' }, prove],
  [
    'verified, authoritative, setting auto',
    { local: verified, link: 'auto' },
    { kind: 'link', userId: 'ada' },
  ],
  ['verified, our own code entered', { local: verified, mailbox: 'proved' }, prove],
  [
    'verified, our own code entered, setting auto',
    { local: verified, mailbox: 'proved', link: 'auto' },
    prove,
  ],
  ['unverified, authoritative', { local: unverified }, wipe],
  ['unverified, authoritative, setting auto', { local: unverified, link: 'auto' }, wipe],
  [
    'unverified, not authoritative',
    { local: unverified, mailbox: 'unproved' },
    { kind: 'prove_mailbox' },
  ],
  ['unverified, our own code entered', { local: unverified, mailbox: 'proved' }, wipe],
  [
    'unverified and disabled',
    { local: { ...unverified, standing: 'disabled' } },
    { kind: 'disabled' },
  ],
  ['unverified and leaving', { local: { ...unverified, standing: 'leaving' } }, prove],
  [
    'verified and disabled, setting auto',
    { local: { ...verified, standing: 'disabled' }, link: 'auto' },
    { kind: 'disabled' },
  ],
  [
    'verified and disabled: nothing is told before the proof',
    { local: { ...verified, standing: 'disabled' } },
    prove,
  ],
  ['linked', { linked }, { kind: 'sign_in', userId: 'bob' }],
  [
    'linked, no address any more',
    { linked, mailbox: 'missing' },
    { kind: 'sign_in', userId: 'bob' },
  ],
  [
    'linked, its address is another’s',
    { linked, local: verified },
    { kind: 'sign_in', userId: 'bob' },
  ],
  ['linked, closed to strangers', { linked, signUp: 'closed' }, { kind: 'sign_in', userId: 'bob' }],
  ['linked and disabled', { linked: { ...linked, standing: 'disabled' } }, { kind: 'disabled' }],
  [
    'linked and leaving',
    { linked: { ...linked, standing: 'leaving' } },
    { kind: 'leaving', userId: 'bob' },
  ],
]

for (const [name, part, expected] of rows)
  void t.test(name, async (t) => {
    t.same(decideLink({ ...stranger, ...part }), expected)
  })

void t.test('no unproved mailbox ever leads into an account, whatever the setting', async (t) => {
  for (const mailbox of ['unproved', 'missing'] as const)
    for (const link of ['proof', 'auto'] as const)
      for (const local of [undefined, verified, unverified])
        t.notMatch(
          decideLink({ ...stranger, mailbox, link, local }).kind,
          /^(?:sign_in|create|link|wipe_and_link)$/,
        )
})

void t.test('who has not proved the mailbox learns nothing of its account', async (t) => {
  for (const mailbox of ['unproved', 'missing'] as const)
    for (const signUp of ['open', 'invited', 'closed'] as const) {
      const answers = [undefined, verified, unverified].map((local) =>
        decideLink({ ...stranger, mailbox, signUp, local }),
      )
      t.same(answers[1], answers[0])
      t.same(answers[2], answers[0])
    }
})
