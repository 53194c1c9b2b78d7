import {
  type AskEmailProps,
  type PendingEmailProps,
  askEmailView,
  confirmEmailView,
  emailChangedView,
  pendingEmailView,
  staleEmailLinkView,
} from '../../src/account/email/view.tsx'
import { type PasswordProps, passwordView } from '../../src/account/password/view.tsx'
import type { NotMeReason } from '../../src/domain/recovery/not-me.ts'
import type { Words } from '../../src/http/words/words.ts'
import { forgotPasswordView } from '../../src/interaction/forgot-password/view.tsx'
import { notMeView, staleNotMeView, takenAddressView } from '../../src/interaction/not-me/view.tsx'
import { type State, ada, csrf, hostileText, inRoom, long } from './gallery-fixtures.ts'

/** Another address, another password, and "this wasn't me". */
export function changes(words: Words): readonly State[] {
  return [...emails(words), ...passwords(words), ...denials(words)]
}

function emails(words: Words): readonly State[] {
  const said = words.change.email
  const { problems } = words.verifyEmail
  const page = { ...inRoom(words, 'email'), title: said.title }
  const common = { words, csrf, current: ada.email, verified: true }
  const ask = (name: string, props: Partial<AskEmailProps> = {}): State => ({
    ...page,
    name,
    error: props.problem !== undefined,
    body: askEmailView({ ...common, ...props }),
  })
  const pending = (name: string, props: Partial<PendingEmailProps> = {}): State => ({
    ...page,
    name,
    error: props.problem !== undefined,
    body: pendingEmailView({
      ...common,
      email: 'ada@new.example.test',
      resendInSeconds: 0,
      isCodeProblem: props.problem !== undefined,
      ...props,
    }),
  })
  const link = { words, csrf, action: '/account/email/confirm?token=t' }
  return [
    ask('email'),
    ask('email-unverified', { verified: false, current: long.email }),
    ask('email-changed', { notice: said.changed }),
    ask('email-cancelled', { notice: said.cancelled }),
    ask('email-problem', { problem: words.setup.problems.emailInvalid, typed: 'ada@' }),
    ask('email-same', { problem: said.problems.same, typed: ada.email }),
    ask('email-gone', { problem: said.problems.gone }),
    ask('email-too-many', { problem: said.problems.tooMany, typed: 'ada@new.example.test' }),
    ask('email-hostile', { current: hostileText, problem: hostileText, typed: hostileText }),
    pending('email-pending', { resendInSeconds: 47 }),
    pending('email-pending-long', { email: long.email, notice: words.verifyEmail.resent }),
    pending('email-pending-wrong', { problem: problems.wrong }),
    pending('email-pending-expired', { problem: problems.expired }),
    pending('email-pending-too-soon', {
      problem: words.wait.throttled(12),
      isCodeProblem: false,
      resendInSeconds: 12,
    }),
    pending('email-pending-hostile', { email: hostileText }),
    {
      ...page,
      name: 'email-link',
      title: said.linkTitle,
      body: confirmEmailView({ ...link, email: long.email }),
    },
    {
      ...page,
      name: 'email-link-hostile',
      title: said.linkTitle,
      body: confirmEmailView({ ...link, email: hostileText }),
    },
    { ...page, name: 'email-link-done', body: emailChangedView({ words }) },
    {
      ...page,
      name: 'error-email-link-stale',
      title: said.staleTitle,
      error: true,
      body: staleEmailLinkView({ words }),
    },
  ]
}

function passwords(words: Words): readonly State[] {
  const said = words.change.password
  const page = inRoom(words, 'password')
  const state = (name: string, props: Partial<PasswordProps> = {}): State => ({
    ...page,
    name,
    title: props.hasPassword === false ? said.firstTitle : said.title,
    error: props.problems !== undefined,
    body: passwordView({
      words,
      csrf,
      email: ada.email,
      hasPassword: true,
      minimum: 15,
      endOthers: true,
      problems: {},
      ...props,
    }),
  })
  return [
    state('password'),
    state('password-first', { hasPassword: false }),
    state('password-changed', { notice: said.changedEverywhere }),
    state('password-missing', {
      problems: { current: said.problems.missing, fresh: words.passwords.faults.missing },
    }),
    state('password-wrong', { problems: { current: said.problems.wrong }, endOthers: false }),
    state('password-short', { problems: { fresh: words.passwords.faults.short(4) } }),
    state('password-same', { problems: { fresh: said.problems.same } }),
    state('password-overtaken', { problems: { form: said.problems.overtaken } }),
    state('password-throttled', {
      problems: { form: words.wait.throttled(1800) },
      retryAfterSeconds: 1800,
    }),
    state('password-hostile', { email: hostileText, problems: { fresh: hostileText } }),
  ]
}

function denials(words: Words): readonly State[] {
  const said = words.change.notMe
  const form = { words, csrf, action: '/not-me?token=t' }
  const ask = (because: NotMeReason, email?: string, name: string = because): State => ({
    name: `not-me-${name}`,
    title: said.title,
    body: notMeView({ ...form, because, email }),
  })
  return [
    ask('new-device'),
    ask('password-change', ada.email),
    ask('email-change', long.email),
    ask('email-change', hostileText, 'hostile'),
    {
      name: 'error-not-me-stale',
      title: said.staleTitle,
      error: true,
      body: staleNotMeView({ words }),
    },
    {
      name: 'error-not-me-taken',
      title: said.takenTitle,
      error: true,
      body: takenAddressView({ words, email: ada.email }),
    },
    {
      name: 'forgot-after-not-me',
      title: words.forgotPassword.title,
      body: forgotPasswordView({
        words,
        action: '/forgot-password',
        csrf,
        signInHref: '/login',
        notice: said.done,
      }),
    },
  ]
}
