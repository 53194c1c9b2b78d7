import type { Words } from '../../src/http/words/words.ts'
import { factorDueView, recoveredView } from '../../src/interaction/mfa/afterwards-view.tsx'
import { otherWaysView } from '../../src/interaction/mfa/other-view.tsx'
import { type CodePageProps, codeTitle, codeView } from '../../src/interaction/mfa/view.tsx'
import {
  type State,
  ada,
  bare,
  csrf,
  hostileApp,
  hostileText,
  long,
  notes,
} from './gallery-fixtures.ts'

/** Every state of the second step of a sign-in, and of what is said right after it. */
export function secondSteps(words: Words): readonly State[] {
  const app = notes
  const page = (name: string, given: Partial<CodePageProps>): State => {
    const props = {
      words,
      asks: 'authenticator',
      action: '/mfa?proof=sealed&tx=sealed',
      csrf,
      email: ada.email,
      isStepUp: false,
      otherHref: '/mfa?proof=sealed&way=other',
      ...given,
    } as const
    const error = props.problem !== undefined
    return { name, title: codeTitle(props), app: props.app, error, body: codeView(props) }
  }
  const throttled = { kind: 'throttled', retryAfterSeconds: 744 } as const
  const recovery = { asks: 'recovery-code' } as const
  return [
    page('mfa', { app, trustDays: 30 }),
    page('mfa-no-app', { trustDays: 1, cancelHref: '/' }),
    page('mfa-wrong', { app, trustDays: 30, trusts: true, problem: { kind: 'wrong' } }),
    page('mfa-throttled', { app, trustDays: 30, problem: throttled }),
    page('mfa-step-up', { app, isStepUp: true }),
    page('mfa-confirm', { isStepUp: true, cancelHref: '/account', email: long.email }),
    page('mfa-hostile', { app: hostileApp, email: hostileText, trustDays: 30 }),
    page('mfa-recovery', { ...recovery, app }),
    page('mfa-recovery-wrong', { ...recovery, app: bare, problem: { kind: 'wrong' } }),
    page('mfa-recovery-throttled', { ...recovery, problem: throttled, cancelHref: '/' }),
    ...others(words),
    ...afterwards(words),
  ]
}

function others(words: Words): readonly State[] {
  const title = words.mfa.otherTitle
  const way = (name: 'authenticator' | 'passkey' | 'recovery-code') => ({
    way: name,
    href: `/mfa?way=${name}`,
  })
  const all = [way('authenticator'), way('passkey'), way('recovery-code')]
  return [
    { name: 'mfa-other', app: notes, title, body: otherWaysView({ words, app: notes, ways: all }) },
    { name: 'mfa-other-one', title, body: otherWaysView({ words, ways: [way('authenticator')] }) },
  ]
}

function afterwards(words: Words): readonly State[] {
  const { recovered, due } = words.mfa
  const hrefs = { onwardHref: '/authorize?tx=sealed', twoStepHref: '/account/two-step' }
  const done = (name: string, left: number, app?: typeof notes): State => {
    const body = recoveredView({ words, app, left, ...hrefs })
    return { name, app, title: recovered.title, body }
  }
  const coming = { words, day: '21 December 2026', setUpHref: '/enrol?tx=sealed', ...hrefs }
  return [
    done('mfa-recovered', 9, notes),
    done('mfa-recovered-one', 1),
    done('mfa-recovered-none', 0, hostileApp),
    {
      name: 'mfa-due',
      app: notes,
      title: due.title,
      body: factorDueView({ ...coming, app: notes }),
    },
    { name: 'mfa-due-no-app', title: due.title, body: factorDueView(coming) },
  ]
}
