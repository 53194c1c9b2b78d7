import { errorTitle, errorView } from '../../src/http/errors/error-view.tsx'
import { FAULT_STYLE } from '../../src/http/errors/fault-view.tsx'
import type { Language } from '../../src/http/language/language.ts'
import type { MailedCodeProblem } from '../../src/http/parts/mailed-code-form.tsx'
import { renderPage } from '../../src/http/page.tsx'
import type { ErrorKind, Words } from '../../src/http/words/words.ts'
import { consentTitle, consentView } from '../../src/interaction/consent/view.tsx'
import { apiPages } from './gallery-api.ts'
import { exampleFault, faultPages, hostileFault } from './gallery-faults.ts'
import { forgotPasswordView, linkSentView } from '../../src/interaction/forgot-password/view.tsx'
import { loginTitle, loginView } from '../../src/interaction/login/view.tsx'
import {
  type Refusal,
  registerClosedTitle,
  registerClosedView,
  registerView,
} from '../../src/interaction/register/view.tsx'
import { resetPasswordView, staleLinkView } from '../../src/interaction/reset-password/view.tsx'
import {
  setupDoneTitle,
  setupDoneView,
  setupTitle,
  setupView,
} from '../../src/interaction/setup/view.tsx'
import { confirmLinkView, verifyEmailView } from '../../src/interaction/verify-email/view.tsx'
import { accounts } from './gallery-accounts.ts'
import { changes } from './gallery-changes.ts'
import { emailCodes } from './gallery-email-code.ts'
import { leavings } from './gallery-leaving.ts'
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
import { looks } from './gallery-look.ts'
import { passkeyPages } from './gallery-passkeys.ts'
import { rooms } from './gallery-rooms.ts'
import { secondSteps } from './gallery-mfa.ts'
import { signIns } from './gallery-sign-in.ts'
import { enrolPages, twoStepRooms } from './gallery-two-step.ts'
import { connectionRooms, upstreamStates } from './gallery-upstream.ts'

export { hostileText } from './gallery-fixtures.ts'

export interface GalleryPage {
  readonly name: string
  readonly html: string
}

const at = new Date('2026-11-21T14:03:22Z')
const redirectUri = 'https://notes.example/signed-in/callback?from=signet&tenant=northern-region'

const scopesIn = (words: Words) => [
  { name: 'openid', text: words.scopes.openid, isNew: false },
  { name: 'profile', text: words.scopes.profile, isNew: false },
  { name: 'notes:read', text: 'Read your notes', isNew: true },
  { name: 'notes:write', text: 'Change your notes', isNew: true },
  { name: 'offline_access', text: words.scopes.offline_access, isNew: true },
]

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

function setups(words: Words): readonly State[] {
  const form = { words, action: '/setup', csrf, passwordMinimum: 15 }
  const { emailInvalid } = words.setup.problems
  const { short } = words.passwords.faults
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
        problems: { email: emailInvalid, password: short(3) },
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
  const { emailInvalid } = words.setup.problems
  const { short } = words.passwords.faults
  const form = { words, action: '/register?tx=sealed', csrf, passwordMinimum: 15 }
  const filled = { ...form, signInHref: '/login?tx=sealed' }
  const register = {
    register: { app: notes, values: { name: '', email: '' }, problems: {} },
    'register-problems': {
      app: notes,
      values: { name: 'Ada', email: 'ada@' },
      problems: { email: emailInvalid, password: short(4) },
    },
    'register-invited': {
      app: undefined,
      values: { name: '', email: long.email },
      invitedEmail: long.email,
      problems: {},
    },
    'register-stale-invitation': {
      app: notes,
      values: { name: '', email: '' },
      hasStaleInvitation: true,
      problems: {},
    },
    'register-hostile': {
      app: hostileApp,
      values: { name: hostileText, email: hostileText },
      problems: {},
    },
  }
  const page = { words, action: '/verify-email?registration=sealed', csrf, changeHref: '/register' }
  const waiting = { ...page, maskedEmail: 'a•••@example.test', resent: false, resendInSeconds: 0 }
  const verify = (name: string, more: object, problem?: MailedCodeProblem): State => ({
    name,
    app: notes,
    error: problem !== undefined,
    title: words.verifyEmail.title,
    body: verifyEmailView({ ...waiting, app: notes, ...more, problem }),
  })
  const closed = (why: Refusal): State => ({
    name: `register-${why}`,
    title: registerClosedTitle({ words, why }),
    body: registerClosedView({ words, why, signInHref: '/login' }),
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
    closed('stale_invitation'),
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
  const short = words.passwords.faults.common
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
      style: FAULT_STYLE,
      app: notes,
      error: true,
      title: errorTitle(uri),
      body: errorView({
        ...base,
        ...uri,
        app: notes,
        fault: exampleFault,
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
      style: FAULT_STYLE,
      app: hostileApp,
      error: true,
      title: errorTitle(uri),
      body: errorView({
        ...base,
        ...uri,
        app: hostileApp,
        errorId: hostileText,
        fault: hostileFault(hostileText),
        actions: [{ label: hostileText, href: 'javascript:alert(1)' }],
      }),
    },
  ]
}

/** Every state of every hosted page in one language, as the whole document a browser gets. */
export function gallery({ words, locale }: Language): readonly GalleryPage[] {
  const parts = [
    signIns,
    upstreamStates,
    secondSteps,
    enrolPages,
    consents,
    accounts,
    setups,
    registrations,
    recoveries,
    leavings,
    emailCodes,
    changes,
    faults,
    faultPages,
    apiPages,
  ]
  const states = [
    ...parts.flatMap((part) => part(words)),
    ...rooms(words, locale),
    ...connectionRooms(words, locale),
    ...twoStepRooms(words, locale),
    ...passkeyPages(words, locale),
    ...looks({ words, locale }),
  ]
  return states.map(({ name, ...page }) => ({
    name,
    html: renderPage({ words, locale, here: '/page?tx=sealed', ...page }),
  }))
}
