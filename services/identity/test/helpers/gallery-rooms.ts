import { appsView, removeAppView } from '../../src/account/apps/view.tsx'
import { type OverviewProps, overviewView } from '../../src/account/overview/view.tsx'
import { type ProfileProps, profileView } from '../../src/account/profile/view.tsx'
import { type SecurityLogProps, securityLogView } from '../../src/account/security-log/view.tsx'
import { sessionsView } from '../../src/account/sessions/view.tsx'
import { ClientMetadata } from '../../src/domain/clients/client.ts'
import type { ConnectedApp } from '../../src/domain/connected-apps/connected-apps.ts'
import { OWN_EVENTS, type OwnEvent } from '../../src/domain/security-log/events.ts'
import type { LogEntry } from '../../src/domain/security-log/own-log.ts'
import type { Device } from '../../src/domain/sessions/devices.ts'
import { type ProfileField, PROFILE_FIELDS } from '../../src/domain/users/parse-profile.ts'
import type { Locale } from '../../src/http/language/locale.ts'
import { createMoments } from '../../src/http/language/moments.ts'
import type { AccountSection } from '../../src/http/words/sections/account.ts'
import { type Words, plain } from '../../src/http/words/words.ts'
import {
  type State,
  ada,
  at,
  csrf,
  hostileText,
  inRoom,
  logoUri,
  long,
  ownerOf,
} from './gallery-fixtures.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'

/** The pages of an account: overview, profile, devices, applications, log. */
export function rooms(words: Words, locale: Locale): readonly State[] {
  const moments = createMoments(locale.lang, 'Europe/Berlin')
  const all = [
    ...overviews(words, moments),
    ...profiles(words),
    ...devices(words, moments),
    ...applications(words, moments),
    ...logs(words, moments),
  ]
  return all.map(({ section, ...state }) => ({
    ...state,
    ...inRoom(words, section, ownerOf(state.name)),
  }))
}

interface Room extends State {
  readonly section: AccountSection
}

type Moments = ReturnType<typeof createMoments>

const entry = (id: number, event: OwnEvent, more: Partial<LogEntry> = {}): LogEntry => ({
  id: String(id),
  at: at(id * 700),
  event,
  kind: OWN_EVENTS[event],
  ip: id % 2 === 0 ? '203.0.113.7' : '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  userAgent: id % 3 === 0 ? iphone : firefox,
  app: undefined,
  fields: [],
  ...more,
})
const notesApp = { clientId: 'notes', name: 'Notes' }
const entries: readonly LogEntry[] = [
  entry(0, 'sign_in_succeeded'),
  entry(1, 'sign_in_failed', { userAgent: undefined }),
  entry(2, 'profile_changed', { fields: ['name', 'birthdate', 'street_address'] }),
  entry(3, 'consent_granted', { app: notesApp }),
  entry(4, 'password_changed'),
]
const hostileEntry = entry(5, 'consent_granted', {
  app: { clientId: hostileText, name: hostileText },
  ip: hostileText,
  userAgent: hostileText,
  fields: [hostileText],
})

function overviews(words: Words, moments: Moments): readonly Room[] {
  const base: OverviewProps = {
    words,
    moments,
    name: ada.name,
    picture: undefined,
    email: ada.email,
    emailVerified: true,
    passwordChangedAt: at(90_000),
    hasSecondFactor: true,
    deviceCount: 3,
    appCount: 2,
    latest: entries.slice(0, 4),
  }
  const overview = (name: string, props: Partial<OverviewProps>): Room => ({
    name,
    section: 'overview',
    title: words.account.title,
    body: overviewView({ ...base, ...props }),
  })
  return [
    overview('overview', {}),
    overview('overview-new', {
      name: undefined,
      email: long.email,
      emailVerified: false,
      passwordChangedAt: undefined,
      hasSecondFactor: false,
      deviceCount: 1,
      appCount: 0,
      latest: [],
    }),
    overview('overview-picture', { picture: 'https://people.example.test/ada.png' }),
    overview('overview-hostile', {
      name: hostileText,
      email: hostileText,
      picture: 'javascript:alert(1)',
      latest: [hostileEntry],
    }),
  ]
}

function profiles(words: Words): readonly Room[] {
  const filled: Readonly<Partial<Record<ProfileField, string>>> = {
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    birthdate: '1815-12-10',
    website: 'https://ada.example.test/',
    locale: 'en-GB',
    zoneinfo: 'Europe/London',
    phone_number: '+44 20 7946 0123',
    street_address: '12 St James’s Square\nFirst floor',
    country: 'United Kingdom',
  }
  const profile = (name: string, props: Partial<ProfileProps>): Room => {
    const all = { words, action: '/account/profile', csrf, values: filled, faults: {}, ...props }
    const error = Object.keys(all.faults).length > 0
    const { title } = words.profile
    return { name, section: 'profile', title, error, body: profileView(all) }
  }
  return [
    profile('profile', {}),
    profile('profile-saved', { notice: words.profile.saved }),
    profile('profile-problems', {
      values: { name: 'A'.repeat(220), picture: 'javascript:alert(1)', birthdate: '1990-02-30' },
      faults: { name: 'too_long', picture: 'https', birthdate: 'birthdate', zoneinfo: 'time_zone' },
    }),
    profile('profile-confirm', { confirmHref: '/login?next=%2Faccount%2Fprofile' }),
    profile('profile-hostile', {
      values: Object.fromEntries(PROFILE_FIELDS.map((field) => [field, hostileText])),
    }),
  ]
}

function devices(words: Words, moments: Moments): readonly Room[] {
  const device = (id: string, more: Partial<Device>): Device => ({
    id,
    current: false,
    createdAt: at(90_000),
    authTime: at(4000),
    lastSeenAt: at(300),
    ip: '203.0.113.7',
    userAgent: firefox,
    ...more,
  })
  const here = device('here', { current: true })
  const pages = {
    devices: [
      here,
      device('phone', { userAgent: iphone, ip: '2001:db8:85a3:8d3:1319:8a2e:370:7348' }),
      device('unknown', { userAgent: null, ip: null }),
    ],
    'devices-one': [here],
    'devices-hostile': [here, device(hostileText, { userAgent: hostileText, ip: hostileText })],
  }
  return Object.entries(pages).map(([name, all]) => ({
    name,
    section: 'sessions',
    title: words.devices.title,
    body: sessionsView({
      words,
      moments,
      action: '/account/sessions',
      csrf,
      devices: all,
      notice: all.length === 1 ? words.devices.done.others : undefined,
    }),
  }))
}

function applications(words: Words, moments: Moments): readonly Room[] {
  const metadata = ClientMetadata.parse({ client_name: 'Notes', logo_uri: logoUri })
  const app: ConnectedApp = {
    clientId: 'notes',
    metadata,
    asked: true,
    permissions: [
      { kind: 'standard', scope: 'openid' },
      { kind: 'standard', scope: 'profile' },
      { kind: 'api', scope: 'notes:read', api: 'Notes', text: 'Read your notes' },
      { kind: 'standard', scope: 'offline_access' },
    ],
    since: at(90_000),
    allowedAt: at(90_000),
    lastUsedAt: at(30),
    offline: true,
  }
  const house: ConnectedApp = {
    ...app,
    clientId: 'planning',
    metadata: ClientMetadata.parse({
      client_name: 'Quarterly Planning & Forecasting for the Northern Region',
      consent: 'implicit',
    }),
    asked: false,
    permissions: [{ kind: 'standard', scope: 'openid' }],
    lastUsedAt: undefined,
  }
  const hostile: ConnectedApp = {
    ...app,
    clientId: hostileText,
    metadata: { ...metadata, client_name: hostileText, logo_uri: 'javascript:alert(1)' },
    permissions: [{ kind: 'api', scope: hostileText, api: hostileText, text: hostileText }],
  }
  const removeHref = (clientId: string) =>
    `/account/apps/remove?client_id=${encodeURIComponent(clientId)}`
  const list = (name: string, apps: readonly ConnectedApp[], notice?: string): Room => ({
    name,
    section: 'apps',
    title: words.apps.title,
    body: appsView({ words, moments, apps, removeHref, notice }),
  })
  const remove = (name: string, one: ConnectedApp): Room => ({
    name,
    section: 'apps',
    title: plain(words.apps.removeTitle(one.metadata.client_name ?? '')),
    body: removeAppView({
      words,
      action: removeHref(one.clientId),
      csrf,
      app: one,
      backHref: '/account/apps',
    }),
  })
  return [
    list('apps', [app, house]),
    list('apps-none', [], words.apps.removed),
    list('apps-hostile', [hostile]),
    remove('app-remove', app),
    remove('app-remove-house', house),
    remove('app-remove-hostile', hostile),
  ]
}

function logs(words: Words, moments: Moments): readonly Room[] {
  const base: SecurityLogProps = {
    words,
    moments,
    entries,
    kind: undefined,
    hrefOf: () => '/account/security-log?show=change',
    passwordHref: '/account/password',
    older: 'older',
    later: true,
  }
  const log = (name: string, props: Partial<SecurityLogProps>): Room => ({
    name,
    section: 'securityLog',
    title: words.securityLog.title,
    body: securityLogView({ ...base, ...props }),
  })
  const every = Object.keys(OWN_EVENTS) as OwnEvent[]
  return [
    log('security-log', {}),
    log('security-log-full', {
      entries: every.map((event, n) => entry(n, event, { app: notesApp })).slice(-15),
    }),
    log('security-log-none', { entries: [], kind: 'change', older: undefined, later: false }),
    log('security-log-hostile', { entries: [hostileEntry], older: undefined }),
  ]
}
