import { newPasskeyView, onePasskeyView, passkeysView } from '../../src/account/passkeys/view.tsx'
import type { Passkey } from '../../src/domain/passkeys/store.ts'
import { createMoments } from '../../src/http/language/moments.ts'
import { TrustBox } from '../../src/http/parts/trust-box.tsx'
import type { Locale } from '../../src/http/language/locale.ts'
import type { PasskeyPrompt } from '../../src/http/parts/passkey-button.tsx'
import type { Words } from '../../src/http/words/words.ts'
import { Declining } from '../../src/interaction/passkey/offer.tsx'
import { type PasskeyPageProps, passkeyView } from '../../src/interaction/passkey/view.tsx'
import { loginTitle, loginView } from '../../src/interaction/login/view.tsx'
import {
  type State,
  csrf,
  hostileApp,
  hostileText,
  inRoom,
  long,
  notes,
  ownerOf,
} from './gallery-fixtures.ts'

const at = (daysAgo: number) => new Date(Date.UTC(2026, 10, 21, 14, 3) - daysAgo * 86_400_000)
const prompt: PasskeyPrompt = {
  ceremony: 'get',
  // As long as a real one.
  options: JSON.stringify({ challenge: 'c'.repeat(210), rpId: 'localhost', timeout: 600_000 }),
}
const create: PasskeyPrompt = {
  ceremony: 'create',
  options: JSON.stringify({
    challenge: 'c'.repeat(210),
    rp: { id: 'localhost', name: 'Signet' },
    user: { id: 'AAAA', name: hostileText, displayName: hostileText },
    pubKeyCredParams: [],
  }),
}

/** Pages that ask for passkeys, and the room where they are looked after. */
export function passkeyPages(words: Words, locale: Locale): readonly State[] {
  return [...asking(words), ...room(words, locale)]
}

function asking(words: Words): readonly State[] {
  const { signIn, secondFactor, offer, enrol, make } = words.passkeys
  const page = (name: string, props: Partial<PasskeyPageProps>): State => {
    const all = {
      words,
      action: '/passkey?tx=sealed',
      csrf,
      prompt,
      title: signIn.submit,
      lead: signIn.lead,
      submit: signIn.submit,
      other: { label: signIn.other, href: '/login?tx=sealed' },
      ...props,
    }
    const error = all.problem !== undefined
    return { name, title: all.title, app: all.app, error, body: passkeyView(all) }
  }
  const login = {
    words,
    action: '/login?tx=sealed',
    csrf,
    app: notes,
    passkey: { prompt, action: '/passkey?tx=sealed', offerCookie: 'signet_passkeys' },
    cancelAction: true,
    forgotHref: '/forgot-password',
    registerHref: '/register',
  }
  const otherHref = '/mfa?way=other'
  const second = {
    title: secondFactor.title,
    lead: secondFactor.lead,
    submit: secondFactor.submit,
    other: { label: secondFactor.other, href: otherHref },
  }
  return [
    { name: 'login-passkey', title: loginTitle(login), app: notes, body: loginView(login) },
    page('passkey', { app: notes }),
    page('passkey-wrong', { problem: { kind: 'wrong' } }),
    page('passkey-throttled', { problem: { kind: 'throttled', retryAfterSeconds: 104 } }),
    page('passkey-hostile', { app: hostileApp }),
    page('passkey-second', { ...second, app: notes, before: TrustBox({ words, days: 30 }) }),
    page('passkey-second-wrong', { ...second, problem: { kind: 'wrong' } }),
    page('passkey-offer', {
      ...offer,
      app: notes,
      prompt: create,
      beside: Declining({ words }),
      other: undefined,
    }),
    page('passkey-enrol', {
      title: enrol.title,
      lead: enrol.lead,
      why: make.how,
      submit: make.submit,
      prompt: create,
      problem: { kind: 'failed' },
      other: { label: enrol.other, href: '/enrol' },
    }),
  ]
}

function room(words: Words, locale: Locale): readonly State[] {
  const moments = createMoments(locale.lang, 'Europe/Berlin')
  const passkey = (more: Partial<Passkey> = {}): Passkey => ({
    id: '0199d3f0-0000-7000-8000-000000000001',
    userId: 'ada',
    credentialId: '',
    publicKey: '',
    counter: 0,
    transports: [],
    backupEligible: true,
    backedUp: true,
    aaguid: '',
    name: 'Apple Passwords',
    createdAt: at(90),
    lastUsedAt: at(1),
    suspendedAt: null,
    ...more,
  })
  const second = { id: 'two', name: 'Chrome on Linux', backedUp: false, lastUsedAt: null }
  const list = (name: string, passkeys: readonly Passkey[], notice?: string): State => ({
    name,
    title: words.passkeys.room.title,
    body: passkeysView({ words, moments, passkeys, maximum: 3, notice }),
  })
  const one = (name: string, title: string, more: object): State => ({
    name,
    title,
    error: Object.keys(more).length > 0,
    body: onePasskeyView({ words, csrf, passkey: passkey({ name: title }), ...more }),
  })
  const states = [
    list('passkeys-none', []),
    list('passkeys-one', [passkey()], words.passkeys.room.done.added),
    list('passkeys-two', [passkey(), passkey(second)], words.passkeys.room.done.removed),
    list('passkeys-full', [
      passkey({ name: long.email }),
      passkey(second),
      passkey({ id: '3', name: '1Password' }),
    ]),
    list('passkeys-hostile', [passkey({ name: hostileText })]),
    {
      name: 'passkey-new',
      title: words.passkeys.make.title,
      body: newPasskeyView({ words, csrf, prompt: create }),
    },
    {
      name: 'passkey-new-failed',
      title: words.passkeys.make.title,
      error: true,
      body: newPasskeyView({ words, csrf, prompt: create, problem: words.passkeys.make.failed }),
    },
    one('passkey-one', 'Apple Passwords', {}),
    one('passkey-one-name', 'Apple Passwords', { typed: '' }),
    one('passkey-one-last', 'Apple Passwords', { stays: 'last_way_in' }),
    one('passkey-one-required', long.email, { stays: 'required' }),
    one('passkey-one-hostile', hostileText, {}),
  ]
  return states.map((state) => ({
    ...state,
    ...inRoom(words, 'passkeys', ownerOf(state.name)),
  }))
}
