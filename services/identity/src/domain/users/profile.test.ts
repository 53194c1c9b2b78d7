import t from 'tap'
import type { ProfileClaims } from './claims.ts'
import { type ProfileField, type ProfileInput, parseProfile } from './parse-profile.ts'
import { changedClaims } from './profile.ts'
import type { ProfileFault } from './profile-values.ts'

const now = new Date('2026-11-21T12:00:00Z')
const parse = (input: ProfileInput, present: ProfileClaims = {}) =>
  parseProfile(input, present, now)

/** Visible in a title, whatever it is made of. */
const shown = (typed: string) =>
  JSON.stringify(typed.slice(0, 40)).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const kept: readonly (readonly [ProfileField, string, string | null])[] = [
  ['name', 'Ada Lovelace', 'Ada Lovelace'],
  ['name', '  Ada  ', 'Ada'],
  ['name', 'Zoe\u0308', 'Zoë'],
  ['name', 'نور الخطيب', 'نور الخطيب'],
  ['name', '👩‍🔬 Ada', '👩‍🔬 Ada'],
  ['name', "Robert'); DROP TABLE users;--", "Robert'); DROP TABLE users;--"],
  ['name', '<b>Ada</b>', '<b>Ada</b>'],
  ['name', '名'.repeat(200), '名'.repeat(200)],
  ['nickname', '\u200b\u200d \u00a0', null],
  ['website', 'https://ada.example.test', 'https://ada.example.test/'],
  ['website', 'HTTP://Ada.Example.Test/a?b#c', 'http://ada.example.test/a?b#c'],
  ['website', 'https:\\\\ada.example.test', 'https://ada.example.test/'],
  ['picture', 'https://ada.example.test/me.png', 'https://ada.example.test/me.png'],
  ['birthdate', '1990-12-31', '1990-12-31'],
  ['birthdate', '1990', '1990'],
  ['birthdate', '0000-02-29', '0000-02-29'],
  ['birthdate', '2024-02-29', '2024-02-29'],
  ['birthdate', '2026-11-21', '2026-11-21'],
  ['zoneinfo', 'europe/berlin', 'Europe/Berlin'],
  ['zoneinfo', 'Asia/Kolkata', 'Asia/Kolkata'],
  ['zoneinfo', 'UTC', 'UTC'],
  ['locale', 'DE-at', 'de-AT'],
  ['locale', 'en_GB', 'en-GB'],
  ['locale', 'zh-hant-tw', 'zh-Hant-TW'],
  ['phone_number', '+44 20 7946 0123', '+442079460123'],
  ['phone_number', '+1 (425) 555-1212', '+14255551212'],
  ['street_address', '12 St James\r\nFirst floor', '12 St James\nFirst floor'],
  ['gender', 'non-binary', 'non-binary'],
]

for (const [field, typed, value] of kept)
  void t.test(`${field} is taken: ${shown(typed)}`, async (t) => {
    const present = value === null ? { [field]: 'something' } : {}
    t.same(parse({ [field]: typed }, present), { kind: 'valid', changes: { [field]: value } })
  })

const refused: readonly (readonly [ProfileField, string, ProfileFault])[] = [
  ['name', 'a'.repeat(201), 'too_long'],
  ['name', '👩'.repeat(201), 'too_long'],
  ['name', 'a\u0000b', 'characters'],
  ['name', 'a\nb', 'characters'],
  ['name', 'a\u001bb', 'characters'],
  ['name', 'moc.live\u202e', 'characters'],
  ['name', '\u2066Ada', 'characters'],
  ['name', 'a\u2028b', 'characters'],
  ['name', '\ud800', 'characters'],
  ['street_address', 'a\tb', 'characters'],
  ['street_address', 'a\u202eb', 'characters'],
  ['picture', 'http://ada.example.test/me.png', 'https'],
  ['picture', 'javascript:alert(1)', 'https'],
  ['picture', 'data:image/svg+xml,<svg onload=alert(1)>', 'https'],
  ['picture', ' jav\tascript:alert(1)', 'characters'],
  ['picture', 'me.png', 'https'],
  ['picture', '//evil.test/me.png', 'https'],
  ['picture', 'https://ada@evil.test/me.png', 'https'],
  ['picture', `https://ada.example.test/${'a'.repeat(2000)}`, 'too_long'],
  // Short as typed, long as kept.
  ['website', `https://ada.example.test/${'é'.repeat(600)}`, 'too_long'],
  ['website', 'ftp://ada.example.test', 'url'],
  ['website', 'ada.example.test', 'url'],
  ['website', 'https://', 'url'],
  ['profile', 'vbscript:x', 'url'],
  ['profile', 'blob:https://ada.example.test/1', 'url'],
  ['birthdate', '1990-02-30', 'birthdate'],
  ['birthdate', '1990-2-3', 'birthdate'],
  ['birthdate', '2023-02-29', 'birthdate'],
  ['birthdate', '0000', 'birthdate'],
  ['birthdate', '2026-11-22', 'birthdate'],
  ['birthdate', '2027', 'birthdate'],
  ['birthdate', '9999-12-31', 'birthdate'],
  ['birthdate', '1990-13-01', 'birthdate'],
  ['birthdate', '31.12.1990', 'birthdate'],
  ['birthdate', '-1990-12-31', 'birthdate'],
  ['zoneinfo', 'Europe/Atlantis', 'time_zone'],
  ['zoneinfo', '+01:00', 'time_zone'],
  ['zoneinfo', '../../etc/passwd', 'time_zone'],
  ['locale', 'de<script>', 'language'],
  ['locale', 'de--AT', 'language'],
  ['locale', 'x', 'language'],
  ['phone_number', '020 7946 0123', 'phone'],
  ['phone_number', '+0123456789', 'phone'],
  ['phone_number', '+1234567890123456', 'phone'],
  ['phone_number', '+44 call me', 'phone'],
]

for (const [field, typed, fault] of refused)
  void t.test(`${field} is refused: ${shown(typed)}`, async (t) => {
    t.same(parse({ [field]: typed }), { kind: 'faulty', faults: { [field]: fault } })
  })

void t.test('all that is wrong is told at once', async (t) => {
  t.same(parse({ name: 'Ada', picture: 'x', birthdate: 'x', phone_number: 'x' }), {
    kind: 'faulty',
    faults: { picture: 'https', birthdate: 'birthdate', phone_number: 'phone' },
  })
})

void t.test('what stays as it is, is not judged', async (t) => {
  const written: ProfileClaims = {
    name: 'x'.repeat(2000),
    picture: 'http://old.example.test/me.png',
    phone_number: '+44 20 7946 0123',
    phone_number_verified: true,
    zoneinfo: 'Nowhere',
    address: { street_address: 'a\nb', formatted: 'a\nb' },
  }
  const form: ProfileInput = {
    name: 'x'.repeat(2000),
    picture: 'http://old.example.test/me.png',
    phone_number: '+442079460123',
    zoneinfo: 'Nowhere',
    street_address: 'a\r\nb',
    nickname: '  ',
  }
  t.same(parse(form, written), { kind: 'valid', changes: {} })
  t.same(parse({}, written), { kind: 'valid', changes: {} })
})

void t.test('a field that is no field of the form is not spoken of', async (t) => {
  const input: Record<string, string> = {
    email: 'eve@evil.test',
    phone_number_verified: 'true',
    sub: 'eve',
    constructor: 'x',
  }
  t.same(parse(input), { kind: 'valid', changes: {} })
})

void t.test('claims after a change', async (t) => {
  const present: ProfileClaims = {
    name: 'Ada',
    phone_number: '+442079460123',
    phone_number_verified: true,
    address: { formatted: 'all', street_address: 'a', country: 'UK' },
  }
  t.same(changedClaims(present, {}), present)
  t.same(changedClaims(present, { name: 'Ada' }), present, 'the same value changes nothing')
  t.same(changedClaims(present, { name: null }), {
    phone_number: present.phone_number,
    phone_number_verified: true,
    address: present.address,
  })
  t.match(changedClaims(present, { phone_number: '+4930123456' }), { phone_number_verified: false })
  t.notOk('phone_number_verified' in changedClaims(present, { phone_number: null }))
  t.same(changedClaims(present, { country: 'FR' }).address, { street_address: 'a', country: 'FR' })
  t.notOk('address' in changedClaims(present, { street_address: null, country: null }))
  t.same(present.address?.formatted, 'all', 'what was given is left alone')
})
