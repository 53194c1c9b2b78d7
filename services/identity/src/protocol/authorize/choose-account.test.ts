import t from 'tap'
import { validateAuthorizationRequest } from '../../domain/authorization/request.ts'
import { ClientMetadata } from '../../domain/clients/client.ts'
import { toParameters } from '../../domain/oauth/parameters.ts'
import type { SignedIn } from '../../domain/sessions/session.ts'
import { type Asking, chooseAccount, namesSomebody } from './choose-account.ts'

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000)
const redirect_uri = 'https://app.example.test/cb'

function request(given: Record<string, string> = {}) {
  const metadata = ClientMetadata.parse({ redirect_uris: [redirect_uri], require_pkce: false })
  const parameters = toParameters({
    client_id: 'app',
    redirect_uri,
    response_type: 'code',
    scope: 'openid',
    ...given,
  })
  const outcome = validateAuthorizationRequest(
    parameters,
    { id: 'app', secretHash: 'x', metadata },
    [],
  )
  if (outcome.kind !== 'valid') throw new Error(JSON.stringify(outcome))
  return outcome.request
}

/** Signed in an hour before the request, unless told otherwise. */
const person = (id: string, authTime = at(-3600)): SignedIn => ({
  session: {
    id: `session of ${id}`,
    tokenHash: `hash of ${id}`,
    userId: id,
    authTime,
    amr: ['pwd'],
    acr: 'aal1',
    lastSeenAt: authTime,
    expiresAt: at(1e6),
  },
  account: {
    id,
    email: `${id}@example.test`,
    emailVerified: true,
    claims: {},
    roles: [],
    updatedAt: at(-1e6),
  },
})

const [ada, bob, eve] = [person('ada'), person('bob'), person('eve')]
const sub = (value: unknown) => ({ claims: JSON.stringify({ id_token: { sub: { value } } }) })

interface Row {
  readonly name: string
  readonly ask?: Record<string, string>
  readonly now?: Partial<Asking>
  readonly active?: SignedIn | undefined
  readonly others?: readonly SignedIn[]
  readonly chosen: SignedIn | undefined
}

const rows: readonly Row[] = [
  { name: 'names nobody: the active one', chosen: ada },
  { name: 'names nobody, nobody is active: nobody is taken', active: undefined, chosen: undefined },
  { name: 'names nobody, nobody is there', active: undefined, others: [], chosen: undefined },

  { name: 'the hint names the active one', now: { hintedSubject: 'ada' }, chosen: ada },
  { name: 'the hint names another', now: { hintedSubject: 'bob' }, chosen: bob },
  { name: 'the hint names the last', now: { hintedSubject: 'eve' }, chosen: eve },
  { name: 'the hint names a stranger', now: { hintedSubject: 'mallory' }, chosen: ada },
  { name: 'the hint names nothing', now: { hintedSubject: '' }, chosen: ada },
  {
    name: 'nobody is active, and the hint names one',
    active: undefined,
    now: { hintedSubject: 'bob' },
    chosen: bob,
  },
  {
    name: 'nobody is active, and the hint names a stranger',
    active: undefined,
    now: { hintedSubject: 'mallory' },
    chosen: undefined,
  },

  { name: 'claims name another', ask: sub('bob'), chosen: bob },
  { name: 'claims name a stranger', ask: sub('mallory'), chosen: ada },
  { name: 'claims name what is no subject', ask: sub(null), chosen: ada },
  { name: 'claims name a number', ask: sub(7), chosen: ada },
  { name: 'hint and claims agree', ask: sub('bob'), now: { hintedSubject: 'bob' }, chosen: bob },
  {
    name: 'hint and claims name two people: neither',
    ask: sub('bob'),
    now: { hintedSubject: 'eve' },
    chosen: ada,
  },

  {
    name: 'login_hint is an address of another',
    ask: { login_hint: 'bob@example.test' },
    chosen: bob,
  },
  {
    name: 'in any case, with spaces, as sign-in takes it',
    ask: { login_hint: ' BOB@Example.TEST ' },
    chosen: bob,
  },
  {
    name: 'login_hint is no address of anybody here',
    ask: { login_hint: 'mallory@example.test' },
    chosen: ada,
  },
  { name: 'login_hint is an id', ask: { login_hint: 'bob' }, chosen: ada },
  { name: 'login_hint is rubbish', ask: { login_hint: '%' }, chosen: ada },
  { name: 'login_hint is a part of an address', ask: { login_hint: '@example.test' }, chosen: ada },
  {
    name: 'nobody is active, and login_hint is one of them',
    active: undefined,
    ask: { login_hint: 'eve@example.test' },
    chosen: eve,
  },
  {
    name: 'nobody is active, and login_hint is no address',
    active: undefined,
    ask: { login_hint: 'eve' },
    chosen: undefined,
  },
  {
    name: 'a subject outranks login_hint',
    ask: { login_hint: 'bob@example.test' },
    now: { hintedSubject: 'eve' },
    chosen: eve,
  },
  {
    name: 'a subject who is not here is not replaced by login_hint',
    ask: { login_hint: 'bob@example.test' },
    now: { hintedSubject: 'mallory' },
    chosen: ada,
  },

  {
    name: 'picked on the way: the hint is answered',
    ask: { login_hint: 'bob@example.test' },
    now: { accountSelected: true },
    chosen: ada,
  },
  {
    name: 'signed in for the request: the hint is answered',
    ask: { login_hint: 'bob@example.test' },
    active: person('ada', at(30)),
    chosen: person('ada', at(30)),
  },
  {
    name: 'signed in for the request as another than the one named: nextStep refuses',
    now: { hintedSubject: 'bob' },
    active: person('ada', at(30)),
    chosen: person('ada', at(30)),
  },
  {
    name: 'another signed in for the request, and the active one did not',
    ask: { login_hint: 'ada@example.test' },
    others: [person('bob', at(30))],
    chosen: ada,
  },
]

for (const row of rows)
  void t.test(row.name, async (t) => {
    const { ask, now, others = [bob, eve], chosen } = row
    const active = 'active' in row ? row.active : ada
    const asking: Asking = {
      requestedAt: at(0),
      accountSelected: false,
      now: at(60),
      hintedSubject: undefined,
      ...now,
    }
    t.same(chooseAccount(request(ask), asking, { active, others }), chosen)
  })

void t.test('whether a request names anybody', async (t) => {
  t.equal(namesSomebody(request(), undefined), false)
  t.equal(namesSomebody(request({ prompt: 'login' }), undefined), false)
  t.equal(namesSomebody(request(), 'ada'), true)
  t.equal(namesSomebody(request(), ''), true)
  t.equal(namesSomebody(request({ login_hint: 'x' }), undefined), true)
  t.equal(namesSomebody(request(sub(null)), undefined), true)
})
