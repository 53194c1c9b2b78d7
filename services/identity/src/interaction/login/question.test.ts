import t from 'tap'
import { type Arrival, questionOf } from './question.ts'

const nothing: Arrival = {
  signIn: 'combined',
  typed: undefined,
  carried: undefined,
  hint: undefined,
  known: undefined,
  isSwitch: false,
}
const ada = 'ada@example.test'
const bob = 'bob@example.test'
const first = { signIn: 'identifier_first' } as const

const cases: readonly (readonly [string, Partial<Arrival>, string, string | undefined, boolean])[] =
  [
    ['a stranger', {}, 'both', undefined, false],
    ['a hint', { hint: ada }, 'both', ada, false],
    ['what was typed stays, as it was', { typed: ' ADA@', hint: bob }, 'both', ' ADA@', false],
    ['what was typed empty stays empty', { typed: '', hint: bob }, 'both', '', false],
    ['again', { known: ada }, 'password', ada, true],
    ['again, in other spelling', { known: ada, hint: ' Ada@Example.test' }, 'password', ada, true],
    ['another one is expected', { known: ada, hint: bob }, 'both', bob, false],
    ['another account', { known: ada, hint: ada, isSwitch: true }, 'both', undefined, false],
    [
      'another account, the same',
      { known: ada, typed: ada, isSwitch: true },
      'password',
      ada,
      true,
    ],
    ['a stranger, one field at a time', first, 'address', undefined, false],
    ['a hint skips the first page', { ...first, hint: 'Ada@example.test' }, 'password', ada, false],
    ['a hint that is no address', { ...first, hint: 'ada' }, 'address', 'ada', false],
    ['carried from the page before', { ...first, carried: ada, hint: bob }, 'password', ada, false],
    [
      'carried wins over a switch',
      { ...first, carried: bob, isSwitch: true },
      'password',
      bob,
      false,
    ],
    ['a wrong password', { ...first, typed: ada, carried: ada }, 'password', ada, false],
    ['no address typed', { ...first, typed: '', hint: ada }, 'address', '', false],
    ['no address at all', { ...first, typed: 'ada@' }, 'address', 'ada@', false],
    ['again, one field at a time', { ...first, known: ada }, 'password', ada, true],
    [
      'another account, blank',
      { ...first, known: ada, isSwitch: true },
      'address',
      undefined,
      false,
    ],
    ['carried, though signed in', { ...first, known: ada, carried: bob }, 'password', bob, false],
  ]

for (const [name, arrival, asks, email, isAgain] of cases)
  void t.test(name, async (t) => {
    t.same(questionOf({ ...nothing, ...arrival }), { asks, email, isAgain })
  })
