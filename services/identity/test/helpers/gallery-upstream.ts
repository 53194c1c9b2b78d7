import { confirmView, connectionsView } from '../../src/account/connections/view.tsx'
import { ACCOUNT_STYLE, accountFrame } from '../../src/http/account-page.tsx'
import { createMoments } from '../../src/http/language/moments.ts'
import type { Locale } from '../../src/http/language/locale.ts'
import type { Words } from '../../src/http/words/words.ts'
import type { UpstreamProblem } from '../../src/http/words/sections/upstream.ts'
import { loginTitle, loginView } from '../../src/interaction/login/view.tsx'
import {
  addressView,
  codeView,
  problemTitle,
  problemView,
} from '../../src/interaction/upstream/view.tsx'
import { type State, ada, at, csrf, hostileText, notes, ownerOf } from './gallery-fixtures.ts'

const PROBLEMS: readonly UpstreamProblem[] = [
  'cancelled',
  'refused',
  'unreachable',
  'failed',
  'other_domain',
  'disabled',
  'closed',
  'invited',
  'expired',
]
const google = { name: 'Google', kind: 'google', href: '/auth/google', lastUsed: false } as const
const acme = { name: 'Acme', kind: 'oidc', href: '/auth/acme', lastUsed: false } as const
const hostile = { ...acme, name: hostileText, href: '/auth/hostile' } as const

/** Signing in with another service: the buttons, and every way in which it goes no further. */
export function upstreamStates(words: Words): readonly State[] {
  const login = { words, action: '/login?tx=sealed', csrf, otherHref: '/login?switch=1' }
  const button = (name: string, props: Partial<Parameters<typeof loginView>[0]>): State => {
    const all = { ...login, ...props }
    return { name, app: all.app, title: loginTitle(all), body: loginView(all) }
  }
  const step = { words, action: '/sign-in/code?arrival=sealed', csrf, signInHref: '/login' }
  const { address, code } = words.upstream
  const connecting = {
    words,
    problem: 'expired',
    provider: hostileText,
    retryHref: '/account/connections',
    signInHref: undefined,
  } as const
  return [
    button('login-google', { app: notes, providers: [google] }),
    button('login-providers', { providers: [{ ...google, lastUsed: true }, acme] }),
    button('login-providers-hostile', { providers: [hostile, { ...hostile, href: '/b' }] }),
    button('login-connect', {
      app: notes,
      email: ada.email,
      providers: [google],
      notice: words.upstream.proveFirst('Google'),
    }),
    ...PROBLEMS.map((problem): State => {
      const props = { words, app: notes, problem, provider: 'Google', signInHref: '/login' }
      const all = problem === 'closed' ? props : { ...props, retryHref: '/auth/google' }
      const error = problem !== 'cancelled'
      return {
        name: error ? `error-upstream-${problem}` : 'upstream-cancelled',
        app: notes,
        title: problemTitle(all),
        error,
        body: problemView(all),
      }
    }),
    {
      name: 'error-upstream-connecting',
      title: problemTitle(connecting),
      error: true,
      body: problemView(connecting),
    },
    {
      name: 'upstream-address',
      app: notes,
      title: address.title,
      body: addressView({ ...step, app: notes, provider: 'Acme', email: '' }),
    },
    {
      name: 'upstream-address-hostile',
      title: address.title,
      error: true,
      body: addressView({
        ...step,
        provider: hostileText,
        email: hostileText,
        problem: words.setup.problems.emailInvalid,
      }),
    },
    {
      name: 'upstream-code',
      app: notes,
      title: code.title,
      body: codeView({ ...step, app: notes, maskedEmail: 'a•••@example.test', resent: true }),
    },
    {
      name: 'upstream-code-wrong',
      title: code.title,
      error: true,
      body: codeView({
        ...step,
        maskedEmail: 'a•••@example.test',
        resent: false,
        problem: code.wrong,
      }),
    },
  ]
}

/** The accounts elsewhere that a person can sign in with. */
export function connectionRooms(words: Words, locale: Locale): readonly State[] {
  const said = words.upstream.connections
  const base = {
    words,
    moments: createMoments(locale.lang, 'Europe/Berlin'),
    csrf,
    action: '/account/connections',
    disconnectAction: '/account/connections/disconnect',
    passwordHref: '/account/password',
    connected: [],
    available: [
      { id: 'google', name: 'Google' },
      { id: 'acme', name: 'Acme' },
    ],
  }
  const one = (name: string, email: string | null, isLast: boolean) => {
    const moments = { createdAt: at(0), lastUsedAt: at(0) }
    const id = `${name} ${String(email)}`
    const identity = { id, userId: 'ada', provider: 'google', issuer: '', subject: '', email }
    return { identity: { ...identity, ...moments }, name, isLast }
  }
  const bodies = {
    'connections-none': connectionsView(base),
    connections: connectionsView({
      ...base,
      connected: [one('Google', 'ada@gmail.com', false), one('Acme', null, false)],
      notice: said.done.connected,
    }),
    'connections-last': connectionsView({
      ...base,
      connected: [one('Google', 'ada@gmail.com', true)],
      problem: said.last,
    }),
    'connections-hostile': connectionsView({
      ...base,
      connected: [one(hostileText, hostileText, false)],
      available: [{ id: 'x', name: hostileText }],
    }),
    'connections-confirm': confirmView({
      words,
      action: '/account/connections/confirm?arrival=sealed',
      csrf,
      provider: 'Google',
      email: ada.email,
    }),
  }
  return Object.entries(bodies).map(([name, body]) => ({
    name,
    title: said.title,
    error: name === 'connections-last',
    body,
    style: ACCOUNT_STYLE,
    frame: (content) =>
      accountFrame({
        words,
        section: 'connections',
        signedIn: ownerOf(name),
        csrf,
        body: content,
        hasConnections: true,
      }),
  }))
}
