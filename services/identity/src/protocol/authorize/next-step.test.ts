import t from 'tap'
import type { AuthorizationRequest } from '../../domain/authorization/request.ts'
import { validateAuthorizationRequest } from '../../domain/authorization/request.ts'
import { ClientMetadata } from '../../domain/clients/client.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import type { Standing } from '../../domain/sessions/session.ts'
import { type Conversation, nextStep, withoutPages } from './next-step.ts'

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000)
const redirect_uri = 'https://app.example.test/cb'
const notes = { identifier: 'https://notes.test', name: 'Notes', scopes: { read: 'Read' } }
const ada = '01890000-0000-7000-8000-000000000001'

function request(
  given: Record<string, string> = {},
  consent = 'explicit',
  default_acr_values?: readonly string[],
): AuthorizationRequest {
  const metadata = ClientMetadata.parse({
    redirect_uris: [redirect_uri],
    scope: 'openid email read',
    require_pkce: false,
    consent,
    default_acr_values,
  })
  const parameters = toParameters({
    client_id: 'app',
    redirect_uri,
    response_type: 'code',
    scope: 'openid read',
    ...given,
  })
  const client = { id: 'app', secretHash: 'x', metadata }
  const outcome = validateAuthorizationRequest(parameters, client, [notes])
  if (outcome.kind !== 'valid') throw new Error(JSON.stringify(outcome))
  return outcome.request
}

/** Requested at 0, decided a minute later. */
const conversation = (given: Partial<Conversation> = {}): Conversation => ({
  requestedAt: at(0),
  accountSelected: false,
  now: at(60),
  hintedSubject: undefined,
  othersSignedIn: false,
  hasSecondFactor: false,
  ...given,
})

const everything = ['openid', 'https://notes.test read']

interface Facts {
  readonly authTime?: Date
  readonly acr?: string
  readonly permissions?: readonly string[]
  readonly consentedAt?: Date | undefined
}

/** Signed in an hour before the request, and everything allowed then. */
function standing(facts: Facts = {}): Standing {
  const { authTime = at(-3600), acr = 'aal1', permissions = everything } = facts
  const consentedAt = 'consentedAt' in facts ? facts.consentedAt : at(-3600)
  return {
    session: {
      id: 's',
      tokenHash: 'hash',
      userId: ada,
      authTime,
      amr: ['pwd'],
      acr,
      lastSeenAt: authTime,
      expiresAt: at(1e6),
    },
    account: {
      id: ada,
      email: 'ada@example.test',
      emailVerified: true,
      claims: {},
      roles: [],
      updatedAt: at(-1e6),
    },
    permissions,
    consentedAt,
  }
}

interface Row {
  readonly name: string
  readonly ask?: Record<string, string>
  readonly consent?: 'implicit'
  /** `default_acr_values` of the client. */
  readonly client?: readonly string[]
  readonly facts?: Facts
  readonly now?: Partial<Conversation>
  readonly step: string
  /** What `prompt=none` hears instead, or the code of a refusal. */
  readonly error?: string
}

const consented = { consentedAt: at(30) }
const signedIn = { authTime: at(30) }
const strong = { acr: 'aal2' }
const factor = { hasSecondFactor: true }
const login = { step: 'login', error: 'login_required' }
const account = { step: 'account', error: 'account_selection_required' }
const consent = { step: 'consent', error: 'consent_required' }
const mfa = { step: 'mfa', error: 'interaction_required' }
const enrol = { step: 'enrol', error: 'interaction_required' }
const refuse = (error: string) => ({ step: 'refuse', error })
const issue = { step: 'issue' }

const rows: readonly Row[] = [
  { name: 'signed in and allowed', ...issue },
  { name: 'signed in at the very moment of the request', facts: { authTime: at(0) }, ...issue },

  { name: 'prompt=login, session older', ask: { prompt: 'login' }, ...login },
  {
    name: 'prompt=login, a millisecond older',
    ask: { prompt: 'login' },
    facts: { authTime: at(-0.001) },
    ...login,
  },
  {
    name: 'prompt=login, signed in at that moment',
    ask: { prompt: 'login' },
    facts: { authTime: at(0) },
    ...issue,
  },
  { name: 'prompt=login, signed in for it', ask: { prompt: 'login' }, facts: signedIn, ...issue },

  { name: 'max_age long enough', ask: { max_age: '3660' }, ...issue },
  { name: 'max_age one second too short', ask: { max_age: '3659' }, ...login },
  { name: 'max_age=0, older session', ask: { max_age: '0' }, ...login },
  {
    name: 'max_age=0, a second before the request',
    ask: { max_age: '0' },
    facts: { authTime: at(-1) },
    ...login,
  },
  { name: 'max_age=0, signed in for it', ask: { max_age: '0' }, facts: signedIn, ...issue },
  {
    name: 'max_age=1 and a slow person: one sign-in is enough',
    ask: { max_age: '1' },
    facts: { authTime: at(1) },
    now: { now: at(601) },
    ...issue,
  },
  {
    name: 'max_age does not stand in for prompt=login',
    ask: { max_age: '99999', prompt: 'login' },
    ...login,
  },

  { name: 'prompt=select_account', ask: { prompt: 'select_account' }, ...account },
  {
    name: 'prompt=select_account, selected',
    ask: { prompt: 'select_account' },
    now: { accountSelected: true },
    ...issue,
  },
  {
    name: 'prompt=select_account, signed in for it',
    ask: { prompt: 'select_account' },
    facts: signedIn,
    ...issue,
  },
  {
    name: 'prompt=login select_account: selecting is no sign-in',
    ask: { prompt: 'login select_account' },
    now: { accountSelected: true },
    ...login,
  },
  {
    name: 'prompt=select_account, selected, but too long ago',
    ask: { prompt: 'select_account', max_age: '10' },
    now: { accountSelected: true },
    ...login,
  },

  { name: 'the hint names this person', now: { hintedSubject: ada }, ...issue },
  { name: 'the hint names another', now: { hintedSubject: 'eve' }, ...login },
  { name: 'the hint names nobody', now: { hintedSubject: '' }, ...login },
  {
    name: 'the hint names another than who signed in for it',
    now: { hintedSubject: 'eve' },
    facts: signedIn,
    ...refuse('login_required'),
  },
  {
    name: 'another was selected than the hint names',
    ask: { prompt: 'select_account' },
    now: { hintedSubject: 'eve', accountSelected: true },
    ...login,
  },
  { name: 'claims name this person', ask: { claims: sub(ada) }, ...issue },
  { name: 'claims name another', ask: { claims: sub('eve') }, ...login },
  { name: 'claims name something that is no subject', ask: { claims: sub(null) }, ...login },
  { name: 'claims name a number', ask: { claims: sub(7) }, ...login },
  {
    name: 'claims name another than who signed in for it',
    ask: { claims: sub('eve') },
    facts: signedIn,
    ...refuse('login_required'),
  },
  {
    name: 'hint and claims name two people',
    ask: { claims: sub('eve') },
    now: { hintedSubject: ada },
    ...login,
  },

  { name: 'an essential acr that is met', ask: { claims: acr('aal1') }, ...issue },
  {
    name: 'an essential acr below the sign-in',
    ask: { claims: acr('aal1') },
    facts: strong,
    ...issue,
  },
  { name: 'an essential acr, a factor', ask: { claims: acr('aal2') }, now: factor, ...mfa },
  { name: 'an essential acr, no factor yet', ask: { claims: acr('aal2') }, ...enrol },
  { name: 'an essential acr, shown', ask: { claims: acr('aal2') }, facts: strong, ...issue },
  {
    name: 'an essential acr that nobody reaches',
    ask: { claims: acr('aal9') },
    now: factor,
    ...refuse('unmet_authentication_requirements'),
  },
  {
    name: 'an unmet acr is no reason to show consent first',
    ask: { claims: acr('aal9'), prompt: 'consent' },
    ...refuse('unmet_authentication_requirements'),
  },
  {
    name: 'an essential acr of which one is enough, a factor: the better one first',
    ask: { claims: acrs('aal2', 'aal1') },
    now: factor,
    ...mfa,
  },
  { name: 'the same, no factor', ask: { claims: acrs('aal2', 'aal1') }, ...issue },
  {
    name: 'the same, the lesser one first',
    ask: { claims: acrs('aal1', 'aal2') },
    now: factor,
    ...issue,
  },
  {
    name: 'an essential acr with one that nobody knows',
    ask: { claims: acrs('aal9', 'aal2') },
    now: factor,
    ...mfa,
  },
  {
    name: 'an essential acr does not let acr_values lower it',
    ask: { claims: acr('aal2'), acr_values: 'aal1' },
    now: factor,
    ...mfa,
  },

  {
    name: 'acr_values that nobody knows are a wish',
    ask: { acr_values: 'aal9' },
    now: factor,
    ...issue,
  },
  { name: 'acr_values, a factor', ask: { acr_values: 'aal2' }, now: factor, ...mfa },
  { name: 'acr_values, shown', ask: { acr_values: 'aal2' }, facts: strong, ...issue },
  { name: 'acr_values that take no less, no factor', ask: { acr_values: 'aal2' }, ...enrol },
  { name: 'acr_values that take less, no factor', ask: { acr_values: 'aal2 aal1' }, ...issue },
  {
    name: 'acr_values, the better one first',
    ask: { acr_values: 'aal2 aal1' },
    now: factor,
    ...mfa,
  },
  {
    name: 'acr_values, the lesser one first',
    ask: { acr_values: 'aal1 aal2' },
    now: factor,
    ...issue,
  },
  {
    name: 'acr_values without pages: a wish is never an error',
    ask: { acr_values: 'aal2', prompt: 'none' },
    now: factor,
    ...issue,
  },
  { name: 'an acr as a voluntary claim', ask: { claims: voluntary('aal2') }, now: factor, ...mfa },
  { name: 'the same without pages', ask: { claims: voluntary('aal2'), prompt: 'none' }, ...issue },
  {
    name: 'an essential acr without pages',
    ask: { claims: acr('aal2'), prompt: 'none' },
    now: factor,
    ...mfa,
  },

  { name: 'a client of the operator, a factor', client: ['aal2'], now: factor, ...mfa },
  { name: 'a client of the operator, no factor', client: ['aal2'], ...enrol },
  { name: 'a client of the operator, shown', client: ['aal2'], facts: strong, ...issue },
  {
    name: 'a client of the operator without pages',
    client: ['aal2'],
    ask: { prompt: 'none' },
    ...enrol,
  },
  {
    name: 'what goes through the browser does not lower what the operator asks',
    client: ['aal2'],
    ask: { acr_values: 'aal1' },
    now: factor,
    ...mfa,
  },
  {
    name: 'nor does an essential acr',
    client: ['aal2'],
    ask: { claims: acr('aal1') },
    now: factor,
    ...mfa,
  },
  { name: 'a client that takes less, no factor', client: ['aal2', 'aal1'], ...issue },
  {
    name: 'a client that takes less, asked for the lesser',
    client: ['aal2', 'aal1'],
    ask: { acr_values: 'aal1' },
    now: factor,
    ...issue,
  },
  {
    name: 'prompt=login comes before the second factor',
    ask: { prompt: 'login', acr_values: 'aal2' },
    now: factor,
    ...login,
  },
  {
    name: 'max_age comes before the second factor',
    ask: { max_age: '300', acr_values: 'aal2' },
    facts: strong,
    now: factor,
    ...login,
  },
  {
    name: 'the second factor comes before consent',
    ask: { acr_values: 'aal2', prompt: 'consent' },
    now: factor,
    ...mfa,
  },

  { name: 'nothing allowed yet', facts: { permissions: [], consentedAt: undefined }, ...consent },
  { name: 'one scope not allowed yet', facts: { permissions: ['openid'] }, ...consent },
  {
    name: 'the scope of another API',
    facts: { permissions: ['openid', 'https://x.test read'] },
    ...consent,
  },
  { name: 'the bare scope name', facts: { permissions: ['openid', 'read'] }, ...consent },
  { name: 'more allowed than asked', facts: { permissions: [...everything, 'email'] }, ...issue },
  {
    name: 'an application of the operator asks nobody',
    consent: 'implicit',
    facts: { permissions: [], consentedAt: undefined },
    ...issue,
  },
  { name: 'prompt=consent, allowed before', ask: { prompt: 'consent' }, ...consent },
  {
    name: 'prompt=consent, an application of the operator',
    ask: { prompt: 'consent' },
    consent: 'implicit',
    ...consent,
  },
  {
    name: 'prompt=consent, allowed for it',
    ask: { prompt: 'consent' },
    facts: consented,
    ...issue,
  },
  {
    name: 'prompt=consent, allowed at that moment',
    ask: { prompt: 'consent' },
    facts: { consentedAt: at(0) },
    ...issue,
  },
  {
    name: 'prompt=consent, a millisecond before',
    ask: { prompt: 'consent' },
    facts: { consentedAt: at(-0.001) },
    ...consent,
  },
  {
    // Two requests of one application at once: a yes to the small one is no yes to the large one.
    name: 'prompt=consent, something smaller allowed meanwhile',
    ask: { prompt: 'consent' },
    facts: { ...consented, permissions: ['openid'] },
    ...consent,
  },
  {
    name: 'prompt=consent, an application of the operator, allowed for it',
    ask: { prompt: 'consent' },
    consent: 'implicit',
    facts: { ...consented, permissions: [] },
    ...issue,
  },
  {
    name: 'prompt=login comes before prompt=consent',
    ask: { prompt: 'login consent' },
    facts: consented,
    ...login,
  },
  {
    name: 'prompt=login consent, signed in for it',
    ask: { prompt: 'login consent' },
    facts: { ...signedIn },
    ...consent,
  },
  {
    name: 'prompt=login consent, both done',
    ask: { prompt: 'login consent' },
    facts: { ...signedIn, ...consented },
    ...issue,
  },
]

function sub(value: unknown) {
  return JSON.stringify({ id_token: { sub: { value } } })
}
function acrs(...values: string[]) {
  return JSON.stringify({ id_token: { acr: { essential: true, values } } })
}
function voluntary(value: string) {
  return JSON.stringify({ id_token: { acr: { value } } })
}
function acr(value: string) {
  return JSON.stringify({ id_token: { acr: { essential: true, value } } })
}

for (const { name, ask = {}, consent: mode, client, facts, now, step, error } of rows)
  void t.test(`${name}: ${step}`, async (t) => {
    const got = nextStep(request(ask, mode, client), conversation(now), standing(facts))
    t.match(got, step === 'refuse' ? { kind: 'refuse', code: error } : { kind: step })
    const silent = withoutPages(got)
    t.match(silent, error === undefined ? { kind: 'issue' } : { kind: 'refuse', code: error })
    t.ok(['issue', 'refuse'].includes(silent.kind), 'prompt=none never shows a page')
  })

void t.test('nobody is signed in: login, whatever else is asked', async (t) => {
  for (const ask of [{}, { prompt: 'consent' }, { prompt: 'select_account' }, { max_age: '9' }]) {
    t.same(nextStep(request(ask), conversation({ hintedSubject: ada }), undefined), {
      kind: 'login',
    })
    t.same(nextStep(request(ask, 'implicit'), conversation(), undefined), { kind: 'login' })
  }
  t.match(withoutPages({ kind: 'login' }), { kind: 'refuse', code: 'login_required' })
})

void t.test('nobody is active, though people are signed in: they choose', async (t) => {
  const step = (ask: Record<string, string>, given: Partial<Conversation> = {}) =>
    nextStep(request(ask), conversation({ othersSignedIn: true, ...given }), undefined)
  for (const ask of [{}, { prompt: 'consent' }, { max_age: '9' }, { login_hint: 'x@y.test' }]) {
    t.same(step(ask), { kind: 'account' })
    t.same(step(ask, { accountSelected: true }), { kind: 'account' }, 'signed out since')
  }
  t.match(withoutPages(step({})), { kind: 'refuse', code: 'account_selection_required' })
  t.same(step({ prompt: 'login' }), { kind: 'login' }, 'a sign-in is asked for anyway')
  t.same(step({}, { hintedSubject: 'eve' }), { kind: 'login' }, 'none of them is the one named')
  t.same(step({ claims: sub('eve') }), { kind: 'login' })
  t.match(withoutPages(step({}, { hintedSubject: 'eve' })), { code: 'login_required' })
})

void t.test('issue hands on who stands there', async (t) => {
  const who = standing()
  t.same(nextStep(request(), conversation(), who), { kind: 'issue', standing: who })
})
