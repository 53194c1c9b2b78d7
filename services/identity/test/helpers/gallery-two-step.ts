import { authenticatorView, removeView } from '../../src/account/two-step/item-view.tsx'
import { type TwoStepProps, twoStepView } from '../../src/account/two-step/view.tsx'
import { totpUri } from '../../src/domain/factors/totp.ts'
import { type ScanProps, saveCodesView, scanView } from '../../src/http/enrolment/view.tsx'
import { createMoments } from '../../src/http/language/moments.ts'
import type { Locale } from '../../src/http/language/locale.ts'
import { type Words, plain } from '../../src/http/words/words.ts'
import {
  type State,
  ada,
  at,
  bare,
  csrf,
  hostileApp,
  hostileText,
  inRoom,
  long,
  notes,
  ownerOf,
} from './gallery-fixtures.ts'

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const codes = Array.from({ length: 10 }, (_, n) => `${n}KM4Q-7TZ${n}R`)
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'
// As long as it is in a real address, so that the bytes of the pages are counted honestly.
const sealed = `default.${'a1B2'.repeat(70)}`

/** The pages of the account about the second step, and about setting one up. */
export function twoStepRooms(words: Words, locale: Locale): readonly State[] {
  const moments = createMoments(locale.lang, 'Europe/Berlin')
  const all = [...rooms(words, moments), ...items(words)]
  return all.map((state) => ({
    ...state,
    ...inRoom(words, 'twoStep', ownerOf(state.name)),
  }))
}

function rooms(words: Words, moments: ReturnType<typeof createMoments>): readonly State[] {
  const one = { id: 'phone', name: 'My phone', createdAt: at(90_000), lastUsedAt: at(30) }
  const device = {
    id: 'device',
    userAgent: iphone,
    ip: '203.0.113.7',
    createdAt: at(9000),
    lastUsedAt: at(30),
    expiresAt: at(-30_000),
  }
  const room = (name: string, given: Partial<TwoStepProps>): State => ({
    name,
    title: words.twoStep.title,
    body: twoStepView({
      words,
      moments,
      csrf,
      authenticators: [one],
      mayAdd: true,
      factors: { authenticators: 1, passkeys: 0, recoveryCodes: 9 },
      trusted: [],
      required: false,
      ...given,
    }),
  })
  const none = { authenticators: 0, passkeys: 0, recoveryCodes: 0 }
  const few = { authenticators: 5, passkeys: 1, recoveryCodes: 2 }
  return [
    room('two-step-off', { authenticators: [], factors: none, notice: words.twoStep.done.off }),
    room('two-step', { required: true, trusted: [device], notice: words.twoStep.done.added }),
    room('two-step-full', {
      authenticators: [one, { ...one, id: 'b', name: long.email }],
      mayAdd: false,
      factors: few,
      trusted: [device, { ...device, id: 'unknown', userAgent: null }],
    }),
    room('two-step-no-codes', { factors: { ...few, recoveryCodes: 0 } }),
    room('two-step-hostile', {
      authenticators: [{ ...one, id: hostileText, name: hostileText }],
      trusted: [{ ...device, id: hostileText, userAgent: hostileText }],
    }),
  ]
}

function setups(words: Words): readonly State[] {
  const { enrol, codes: said, problems } = words.twoStep
  const scan = (name: string, given: Partial<ScanProps>, email = ada.email): State => {
    const props = {
      words,
      csrf,
      action: `/account/two-step/add?setup=${sealed}`,
      secret,
      uri: totpUri(secret, words.product, email),
      name: '',
      cancelHref: '/account/two-step',
      again: false,
      problems: {},
      ...given,
    }
    const { replaces } = props
    return {
      name,
      title: replaces === undefined ? enrol.title : plain(enrol.replaceTitle(replaces)),
      error: Object.keys(props.problems).length > 0,
      body: scanView(props),
    }
  }
  const save = (name: string, renews: boolean): State => ({
    name,
    title: renews ? said.renewTitle : said.savingTitle,
    body: saveCodesView({
      words,
      csrf,
      action: `/account/two-step/codes?setup=${sealed}`,
      codes,
      fileHref: `/account/two-step/file?setup=${sealed}`,
      renews,
      cancelHref: '/account/two-step',
    }),
  })
  return [
    scan('authenticator-add', {}, long.email),
    scan('authenticator-again', { again: true }),
    scan('authenticator-wrong', { name: 'My phone', problems: { code: problems.codeWrong } }),
    scan('authenticator-both-wrong', {
      problems: { code: problems.codeShape, name: problems.name },
    }),
    scan('authenticator-exhausted', { problems: { form: problems.exhausted } }),
    scan('authenticator-replace', { replaces: 'My phone', name: 'My phone' }),
    scan('authenticator-hostile', { replaces: hostileText, name: hostileText }, hostileText),
    save('recovery-codes', false),
    save('recovery-codes-renewed', true),
  ]
}

function items(words: Words): readonly State[] {
  const { item, problems } = words.twoStep
  const edit = (name: string, called: string, problem?: string): State => ({
    name,
    title: plain(item.title(called)),
    error: problem !== undefined,
    body: authenticatorView({ words, csrf, id: 'phone', name: called, typed: called, problem }),
  })
  const remove = (name: string, called: string, isLast: boolean, mustStay: boolean): State => ({
    name,
    title: plain(item.removeTitle(called)),
    error: mustStay,
    body: removeView({ words, csrf, id: 'phone', name: called, isLast, mustStay }),
  })
  return [
    edit('authenticator', 'My phone'),
    edit('authenticator-name', 'My phone', problems.name),
    edit('authenticator-name-hostile', hostileText),
    remove('authenticator-remove', 'My phone', false, false),
    remove('authenticator-remove-last', long.email, true, false),
    remove('authenticator-must-stay', 'My phone', true, true),
    remove('authenticator-remove-hostile', hostileText, true, false),
  ]
}

/** Setting a second step up: in the account, and in the middle of a sign-in that goes no further without. */
export function enrolPages(words: Words): readonly State[] {
  return [...setups(words), ...forcedSetups(words)]
}

function forcedSetups(words: Words): readonly State[] {
  const { forced, codes: said, problems } = words.twoStep
  const frame = { words, csrf, action: `/enrol?proof=${sealed}&setup=${sealed}&tx=${sealed}` }
  const scan = (name: string, given: Partial<ScanProps>, email = ada.email): State => {
    const props = {
      ...frame,
      forced: true,
      cancelHref: undefined,
      secret,
      uri: totpUri(secret, words.product, email),
      name: '',
      problems: {},
      again: false,
      passkeyHref: `/passkey/enrol?proof=${sealed}&tx=${sealed}`,
      ...given,
    }
    const error = Object.keys(props.problems).length > 0
    return { name, app: props.app, title: forced.title, error, body: scanView(props) }
  }
  const save = (name: string, app: State['app']): State => ({
    name,
    app,
    title: said.savingTitle,
    body: saveCodesView({
      ...frame,
      app,
      codes,
      fileHref: `/enrol/file?proof=${sealed}&setup=${sealed}`,
      cancelHref: app === undefined ? '/' : undefined,
    }),
  })
  return [
    scan('enrol', { app: notes }, long.email),
    scan('enrol-no-app', { cancelHref: '/', again: true }),
    scan('enrol-wrong', { app: bare, problems: { code: problems.codeWrong } }),
    scan('enrol-hostile', { app: hostileApp, name: hostileText }, hostileText),
    save('enrol-codes', notes),
    save('enrol-codes-no-app', undefined),
  ]
}
