import type { VNode } from 'preact'
import { errorTitle, errorView } from '../../src/http/error-view.tsx'
import type { Language } from '../../src/http/language.ts'
import { type AppIdentity, renderPage } from '../../src/http/page.tsx'
import type { ErrorKind, Words } from '../../src/http/words/words.ts'
import { consentTitle, consentView } from '../../src/interaction/consent/view.tsx'
import { forgotPasswordView, linkSentView } from '../../src/interaction/forgot-password/view.tsx'
import { homeTitle, homeView } from '../../src/interaction/home/view.tsx'
import { type LoginProps, loginTitle, loginView } from '../../src/interaction/login/view.tsx'
import { registerClosedView, registerView } from '../../src/interaction/register/view.tsx'
import { resetPasswordView, staleLinkView } from '../../src/interaction/reset-password/view.tsx'
import {
  selectAccountTitle,
  selectAccountView,
} from '../../src/interaction/select-account/view.tsx'
import {
  setupDoneTitle,
  setupDoneView,
  setupTitle,
  setupView,
} from '../../src/interaction/setup/view.tsx'
import {
  type CodeProblem,
  confirmLinkView,
  verifyEmailView,
} from '../../src/interaction/verify-email/view.tsx'
import {
  signOutTitle,
  signOutView,
  signedOutTitle,
  signedOutView,
} from '../../src/protocol/end-session/view.tsx'

export interface GalleryPage {
  readonly name: string
  readonly html: string
}

interface State {
  readonly name: string
  readonly title: string
  readonly body: VNode
  readonly app?: AppIdentity | undefined
  readonly error?: boolean | undefined
}

const csrf = 'csrf-token'
const logoUri = 'https://notes.example/logo.svg'
const notes: AppIdentity = {
  name: 'Notes',
  logoUri,
  clientUri: 'https://notes.example/',
  policyUri: 'https://notes.example/privacy',
  tosUri: 'https://notes.example/terms',
}
const bare: AppIdentity = { name: 'Quarterly Planning & Forecasting for the Northern Region' }
/** A name of the other direction than the page around it, and one that ends in a mark. */
const arabicName: AppIdentity = { name: 'مذكرات (2)' }
const ada = { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.test' }
const long = { id: 'long', email: 'a.very.long.address.without.any.break@department.example.test' }
const at = new Date('2026-11-21T14:03:22Z')
const redirectUri = 'https://notes.example/signed-in/callback?from=signet&tenant=northern-region'

const scopesIn = (words: Words) => [
  { name: 'openid', text: words.scopes.openid, isNew: false },
  { name: 'profile', text: words.scopes.profile, isNew: false },
  { name: 'notes:read', text: 'Read your notes', isNew: true },
  { name: 'notes:write', text: 'Change your notes', isNew: true },
  { name: 'offline_access', text: words.scopes.offline_access, isNew: true },
]

/** What an attacker would register as a client, or type as a name. */
export const hostileText = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
const hostileApp: AppIdentity = {
  name: hostileText,
  logoUri: 'javascript:alert(1)',
  clientUri: 'data:text/html,<script>alert(1)</script>',
  policyUri: 'javascript:alert(1)',
  tosUri: 'http://notes.example/terms',
}

function logins(words: Words): readonly State[] {
  const app = notes
  const login = (name: string, props: Partial<LoginProps>): State => {
    const all = { words, action: '/login?tx=sealed', csrf, ...props }
    const error = all.problem !== undefined
    return { name, title: loginTitle(all), app: all.app, error, body: loginView(all) }
  }
  const email = ada.email
  return [
    login('login', { app, cancelAction: true }),
    login('login-no-app', {}),
    login('login-no-logo', { app: bare, cancelAction: true }),
    login('login-arabic-name', { app: arabicName, cancelAction: true }),
    login('login-hint', { app, email }),
    login('login-register', { app, registerHref: '/register?tx=sealed', cancelAction: true }),
    login('login-created', { notice: words.verifyEmail.created, registerHref: '/register' }),
    login('login-wrong', { app, email, problem: { kind: 'wrong' }, cancelAction: true }),
    login('login-missing', { app, problem: { kind: 'missing', fields: ['email', 'password'] } }),
    login('login-throttled', {
      app,
      email,
      problem: { kind: 'throttled', retryAfterSeconds: 104 },
    }),
    login('login-busy', { app, email, problem: { kind: 'busy', retryAfterSeconds: 5 } }),
    login('login-switch', { app, switchingFrom: ada, cancelAction: true }),
    login('login-again', { app, email, reauthenticate: true, cancelAction: true }),
    login('login-hostile', {
      app: hostileApp,
      email: hostileText,
      switchingFrom: { email: hostileText },
      cancelAction: true,
    }),
  ]
}

function consents(words: Words): readonly State[] {
  const scopes = scopesIn(words)
  const form = { words, action: '/consent?tx=sealed', csrf, redirectUri }
  const first = scopes.map((scope) => ({ ...scope, isNew: true }))
  const states = {
    consent: { app: notes, account: ada, scopes: first, redirectHost: 'notes.example' },
    'consent-more': { app: notes, account: ada, scopes, redirectHost: 'notes.example' },
    'consent-long': {
      app: bare,
      account: long,
      scopes: first,
      redirectHost: 'planning-and-forecasting.northern-region.department.example',
    },
    'consent-hostile': {
      app: hostileApp,
      account: { name: hostileText, email: hostileText },
      scopes: [{ name: hostileText, text: hostileText, isNew: true }],
      redirectHost: hostileText,
      redirectUri: hostileText,
    },
  }
  return Object.entries(states).map(([name, state]) => {
    const props = { ...form, ...state }
    return { name, app: props.app, title: consentTitle(props), body: consentView(props) }
  })
}

function accounts(words: Words): readonly State[] {
  const picker = { words, action: '/select-account?tx=sealed', csrf, app: notes }
  const out = { words, action: '/logout', csrf }
  const home = { words, csrf, signOutAction: '/logout', signInHref: '/login' }
  return [
    {
      name: 'select-account',
      app: notes,
      title: selectAccountTitle(picker),
      body: selectAccountView({ ...picker, accounts: [ada, long] }),
    },
    {
      name: 'sign-out',
      app: notes,
      title: signOutTitle(out),
      body: signOutView({ ...out, app: notes, account: ada }),
    },
    { name: 'sign-out-bare', title: signOutTitle(out), body: signOutView(out) },
    {
      name: 'signed-out',
      app: notes,
      title: signedOutTitle(out),
      body: signedOutView({ words, app: notes, continueUri: 'https://notes.example/bye' }),
    },
    { name: 'signed-out-bare', title: signedOutTitle(out), body: signedOutView({ words }) },
    {
      name: 'signed-out-hostile',
      title: signedOutTitle(out),
      body: signedOutView({ words, app: hostileApp, continueUri: 'javascript:alert(1)' }),
    },
    {
      name: 'home',
      title: homeTitle({ words, account: ada }),
      body: homeView({ ...home, account: ada }),
    },
    { name: 'home-signed-out', title: homeTitle(home), body: homeView(home) },
  ]
}

function setups(words: Words): readonly State[] {
  const form = { words, action: '/setup', csrf }
  const { emailInvalid, passwordShort } = words.setup.problems
  return [
    {
      name: 'setup',
      title: setupTitle(form),
      body: setupView({ ...form, values: {}, problems: {} }),
    },
    {
      name: 'setup-problems',
      error: true,
      title: setupTitle(form),
      body: setupView({
        ...form,
        values: { name: 'Ada', email: 'ada@' },
        problems: { email: emailInvalid, password: passwordShort(12) },
      }),
    },
    {
      name: 'setup-done',
      title: setupDoneTitle(form),
      body: setupDoneView({ words, signInHref: '/login' }),
    },
  ]
}

function registrations(words: Words): readonly State[] {
  const { emailInvalid, passwordShort } = words.setup.problems
  const form = { words, action: '/register?tx=sealed', csrf, passwordMinimum: 15 }
  const filled = { ...form, signInHref: '/login?tx=sealed' }
  const register = {
    register: { app: notes, values: { name: '', email: '' }, problems: {} },
    'register-problems': {
      app: notes,
      values: { name: 'Ada', email: 'ada@' },
      problems: { email: emailInvalid, password: passwordShort(15) },
    },
    'register-hostile': {
      app: hostileApp,
      values: { name: hostileText, email: hostileText },
      problems: {},
    },
  }
  const page = { words, action: '/verify-email?registration=sealed', csrf, changeHref: '/register' }
  const waiting = { ...page, maskedEmail: 'a•••@example.test', resent: false, resendInSeconds: 0 }
  const verify = (name: string, more: object, problem?: CodeProblem): State => ({
    name,
    app: notes,
    error: problem !== undefined,
    title: words.verifyEmail.title,
    body: verifyEmailView({ ...waiting, app: notes, ...more, problem }),
  })
  const closed = (signUp: 'closed' | 'invited'): State => ({
    name: `register-${signUp}`,
    title: words.register.closedTitle,
    body: registerClosedView({ words, signUp, signInHref: '/login' }),
  })
  const link = (name: string, email: string): State => ({
    name,
    title: words.verifyEmail.linkTitle,
    body: confirmLinkView({
      words,
      action: '/verify-email?token=sealed',
      csrf,
      email,
      asksPassword: true,
      wrong: name.length % 2 === 0,
    }),
  })
  return [
    ...Object.entries(register).map(([name, props]) => ({
      name,
      app: props.app,
      error: 'email' in props.problems,
      title: words.register.title,
      body: registerView({ ...filled, ...props }),
    })),
    closed('closed'),
    closed('invited'),
    verify('verify-email', { resendInSeconds: 47 }),
    verify('verify-email-resent', { resent: true, resendInSeconds: 60 }),
    verify('verify-email-wrong', {}, { kind: 'wrong' }),
    verify('verify-email-shape', {}, { kind: 'shape' }),
    verify('verify-email-expired', {}, { kind: 'expired' }),
    verify('verify-email-exhausted', {}, { kind: 'exhausted' }),
    verify(
      'verify-email-too-soon',
      { resendInSeconds: 12 },
      { kind: 'too_soon', retryAfterSeconds: 12 },
    ),
    verify('verify-email-hostile', { app: hostileApp, maskedEmail: hostileText }),
    link('verify-email-link', long.email),
    link('verify-email-link-hostile', hostileText),
  ]
}

function recoveries(words: Words): readonly State[] {
  const { forgotPassword, resetPassword, setup } = words
  const ask = { words, action: '/forgot-password', csrf, signInHref: '/login' }
  const sent = { words, signInHref: '/login', againHref: '/forgot-password' }
  const form = { words, action: '/reset-password?token=t', csrf, passwordMinimum: 15 }
  const asking = { title: forgotPassword.title }
  const waiting = { title: forgotPassword.sentTitle }
  const setting = { title: resetPassword.title }
  const problem = setup.problems.emailInvalid
  const short = setup.problems.passwordShort(15)
  const tooShort = { ...form, email: long.email, problem: short }
  return [
    { ...asking, name: 'forgot', app: notes, body: forgotPasswordView({ ...ask, app: notes }) },
    {
      ...asking,
      name: 'forgot-problem',
      error: true,
      body: forgotPasswordView({ ...ask, email: hostileText, problem }),
    },
    {
      ...waiting,
      name: 'forgot-sent',
      app: notes,
      body: linkSentView({ ...sent, app: notes, email: ada.email }),
    },
    { ...waiting, name: 'forgot-sent-long', body: linkSentView({ ...sent, email: long.email }) },
    { ...setting, name: 'reset', body: resetPasswordView({ ...form, email: ada.email }) },
    { ...setting, name: 'reset-problem', error: true, body: resetPasswordView(tooShort) },
    {
      name: 'error-stale-link',
      error: true,
      title: resetPassword.staleTitle,
      body: staleLinkView({ words, againHref: '/forgot-password' }),
    },
    {
      name: 'login-after-reset',
      app: notes,
      title: loginTitle({ words, app: notes }),
      body: loginView({
        words,
        action: '/login?tx=sealed',
        csrf,
        app: notes,
        notice: resetPassword.done,
        forgotHref: '/forgot-password?tx=sealed',
        registerHref: '/register?tx=sealed',
        cancelAction: true,
      }),
    },
  ]
}

function faults(words: Words): readonly State[] {
  const base = { words, errorId: 'err_7Q2MZK4TB9XD', at }
  const kinds = Object.keys(words.errors) as ErrorKind[]
  const plainOnes = kinds.map((kind) => ({
    name: `error-${kind}`,
    error: true,
    title: errorTitle({ words, kind }),
    body: errorView({ ...base, kind }),
  }))
  const uri = { words, kind: 'redirect_uri_not_registered' } as const
  const expired = { words, kind: 'page_expired' } as const
  return [
    ...plainOnes,
    {
      name: 'error-with-details',
      app: notes,
      error: true,
      title: errorTitle(uri),
      body: errorView({
        ...base,
        ...uri,
        app: notes,
        details: { expected: 'https://notes.example/callback', received: redirectUri },
      }),
    },
    {
      name: 'error-with-actions',
      app: notes,
      error: true,
      title: errorTitle(expired),
      body: errorView({
        ...base,
        ...expired,
        app: notes,
        actions: [
          { label: words.actions.continueTo(notes.name).join(''), href: '/authorize?tx=sealed' },
          { label: words.actions.startAgain, href: 'https://notes.example/' },
        ],
      }),
    },
    {
      name: 'error-hostile',
      app: hostileApp,
      error: true,
      title: errorTitle(uri),
      body: errorView({
        ...base,
        ...uri,
        app: hostileApp,
        errorId: hostileText,
        details: { expected: hostileText, received: hostileText },
        actions: [{ label: hostileText, href: 'javascript:alert(1)' }],
      }),
    },
  ]
}

/** Every state of every hosted page in one language, as the whole document a browser gets. */
export function gallery({ words, locale }: Language): readonly GalleryPage[] {
  const parts = [logins, consents, accounts, setups, registrations, recoveries, faults]
  const states = parts.flatMap((part) => part(words))
  return states.map(({ name, title, app, error, body }) => ({
    name,
    html: renderPage({ title, words, locale, app, error, body }),
  }))
}
