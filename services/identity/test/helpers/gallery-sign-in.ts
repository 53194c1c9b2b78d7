import type { Words } from '../../src/http/words/words.ts'
import { type LoginProps, loginTitle, loginView } from '../../src/interaction/login/view.tsx'
import { staleUnlockView, unlockView } from '../../src/interaction/unlock/view.tsx'
import {
  type State,
  ada,
  arabicName,
  bare,
  csrf,
  hostileApp,
  hostileText,
  long,
  notes,
} from './gallery-fixtures.ts'

/** Every state of the sign-in page, and of the page that unlocks a browser. */
export function signIns(words: Words): readonly State[] {
  const app = notes
  const login = (name: string, props: Partial<LoginProps>): State => {
    const all = { words, action: '/login?tx=sealed', csrf, otherHref: '/login?switch=1', ...props }
    const error = all.problem !== undefined
    return { name, title: loginTitle(all), app: all.app, error, body: loginView(all) }
  }
  const { email, name } = ada
  const forgotHref = '/forgot-password'
  const registerHref = '/register?tx=sealed'
  const again = { asks: 'password', email, name, reauthenticate: true, forgotHref } as const
  const hostile = { app: hostileApp, email: hostileText, cancelAction: true }
  return [
    login('login', { app, cancelAction: true }),
    login('login-no-app', {}),
    login('login-no-logo', { app: bare, cancelAction: true }),
    login('login-arabic-name', { app: arabicName, cancelAction: true }),
    login('login-hint', { app, email }),
    login('login-register', { app, registerHref, cancelAction: true }),
    login('login-created', { notice: words.verifyEmail.created, registerHref: '/register' }),
    login('login-unlocked', { notice: words.signIn.unlock.done, forgotHref }),
    login('login-wrong', { app, email, problem: { kind: 'wrong' }, cancelAction: true }),
    login('login-missing', { app, problem: { kind: 'missing', fields: ['email', 'password'] } }),
    login('login-throttled', {
      app,
      email,
      problem: { kind: 'throttled', retryAfterSeconds: 104 },
    }),
    login('login-busy', { app, email, problem: { kind: 'busy', retryAfterSeconds: 5 } }),
    login('login-switch', { app, switchingFrom: ada, cancelAction: true }),
    login('login-again', { app, ...again, cancelAction: true }),
    login('login-confirm', { ...again, cancelHref: '/account' }),
    login('login-confirm-long', { ...again, name: undefined, email: long.email }),
    login('login-confirm-wrong', { ...again, problem: { kind: 'wrong' }, cancelHref: '/account' }),
    login('login-confirm-missing', {
      ...again,
      problem: { kind: 'missing', fields: ['password'] },
    }),
    login('login-address', { app, asks: 'address', registerHref, cancelAction: true }),
    login('login-address-missing', {
      app,
      asks: 'address',
      email: '',
      problem: { kind: 'missing', fields: ['email'] },
    }),
    login('login-address-invalid', {
      app,
      asks: 'address',
      email: 'ada@',
      problem: { kind: 'invalid' },
    }),
    login('login-password', { app, asks: 'password', email, forgotHref, cancelAction: true }),
    login('login-password-long', { asks: 'password', email: long.email, forgotHref }),
    login('login-password-wrong', { asks: 'password', email, problem: { kind: 'wrong' } }),
    login('login-hostile', { ...hostile, switchingFrom: { email: hostileText } }),
    login('login-password-hostile', { ...hostile, asks: 'password', name: hostileText }),
    ...unlocks(words),
  ]
}

function unlocks(words: Words): readonly State[] {
  const { title, staleTitle } = words.signIn.unlock
  const form = { words, action: '/unlock?token=sealed', csrf }
  const stale = staleUnlockView({ words, signInHref: '/login' })
  return [
    { name: 'unlock', title, body: unlockView({ ...form, email: ada.email }) },
    { name: 'unlock-long', title, body: unlockView({ ...form, email: long.email }) },
    { name: 'unlock-hostile', title, body: unlockView({ ...form, email: hostileText }) },
    { name: 'error-stale-unlock', title: staleTitle, error: true, body: stale },
  ]
}
