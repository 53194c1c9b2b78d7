import t from 'tap'
import { createMoments } from './moments.ts'

const at = new Date('2026-11-21T23:30:00Z')

void t.test(
  'a time is told in the language of the page, at the place of the profile',
  async (t) => {
    const german = createMoments('de', 'Europe/Berlin')
    t.equal(german.day(at), '22. November 2026')
    t.match(german.time(at), /^00:30 MEZ$/)
    t.match(createMoments('en', 'Europe/London').full(at), /^21 Nov 2026, 23:30 GMT$/)
    const arabic = createMoments('ar', undefined)
    t.equal(arabic.day(at), '21 نوفمبر 2026')
    t.match(arabic.time(at), /23:30/)
  },
)

for (const zone of [undefined, '', 'Nowhere/Land', '../../etc/passwd', '+25:00'])
  void t.test(`no such place, so UTC: ${zone ?? 'none'}`, async (t) => {
    t.equal(createMoments('en', zone).full(at), '21 Nov 2026, 23:30 UTC')
  })
