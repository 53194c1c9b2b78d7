import type { VNode } from 'preact'
import { errorTitle, errorView } from '../../src/http/error-view.tsx'
import { type AppIdentity, type Locale, renderPage } from '../../src/http/page.tsx'
import { errors } from '../../src/http/words/en-errors.ts'
import { en } from '../../src/http/words/en.ts'
import type { ErrorKind } from '../../src/http/words/words.ts'
import { consentTitle, consentView } from '../../src/interaction/consent/view.tsx'
import { homeTitle, homeView } from '../../src/interaction/home/view.tsx'
import { type LoginProps, loginTitle, loginView } from '../../src/interaction/login/view.tsx'
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

const words = en
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
const ada = { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.test' }
const long = { id: 'long', email: 'a.very.long.address.without.any.break@department.example.test' }
const at = new Date('2026-11-21T14:03:22Z')
const redirectUri = 'https://notes.example/signed-in/callback?from=signet&tenant=northern-region'

const scopes = [
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

function login(name: string, props: Partial<LoginProps>): State {
  const all = { words, action: '/login?tx=sealed', csrf, ...props }
  const { app, problem } = all
  return { name, title: loginTitle(all), app, error: problem !== undefined, body: loginView(all) }
}

function logins(): readonly State[] {
  const app = notes
  const email = ada.email
  return [
    login('login', { app, cancelAction: true }),
    login('login-no-app', {}),
    login('login-no-logo', { app: bare, cancelAction: true }),
    login('login-hint', { app, email }),
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

function consents(): readonly State[] {
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

function accounts(): readonly State[] {
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

function setups(): readonly State[] {
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

function faults(): readonly State[] {
  const base = { words, errorId: 'err_7Q2MZK4TB9XD', at }
  const kinds = Object.keys(errors) as ErrorKind[]
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

/** Every state of every hosted page, as the whole document a browser gets. */
export function gallery(locale: Locale = { lang: 'en', dir: 'ltr' }): readonly GalleryPage[] {
  const states = [...logins(), ...consents(), ...accounts(), ...setups(), ...faults()]
  return states.map(({ name, title, app, error, body }) => ({
    name,
    html: renderPage({ title, words, locale, app, error, body }),
  }))
}
