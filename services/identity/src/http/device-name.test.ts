import t from 'tap'
import { deviceName } from './device-name.ts'

const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const blink = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const linux = 'Mozilla/5.0 (X11; Linux x86_64)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)'
const android = 'Mozilla/5.0 (Linux; Android 10; K)'

const devices: readonly (readonly [string, string | undefined, string | undefined])[] = [
  [`${linux} ${blink} Chrome/140.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
  [`${windows} ${blink} Chrome/140.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
  [`${linux} ${blink} HeadlessChrome/140.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
  [`${windows} ${blink} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, 'Edge', 'Windows'],
  [`${windows} ${blink} Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763`, 'Edge', 'Windows'],
  [`${android} ${blink} Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0`, 'Edge', 'Android'],
  [`${windows} ${blink} Chrome/139.0.0.0 Safari/537.36 OPR/123.0.0.0`, 'Opera', 'Windows'],
  [`${linux} ${blink} Chrome/140.0.0.0 Safari/537.36 Vivaldi/7.5`, 'Vivaldi', 'Linux'],
  [
    `${android} ${blink} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet',
    'Android',
  ],
  [`${android} ${blink} Chrome/140.0.0.0 Mobile Safari/537.36`, 'Chrome', 'Android'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0',
    'Firefox',
    'Windows',
  ],
  ['Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0', 'Firefox', 'Android'],
  [`${iphone} ${webkit} FxiOS/143.0 Mobile/15E148 Safari/605.1.15`, 'Firefox', 'iPhone'],
  [`${iphone} ${webkit} CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1`, 'Chrome', 'iPhone'],
  [`${iphone} ${webkit} Version/18.1 Mobile/15E148 Safari/604.1`, 'Safari', 'iPhone'],
  [
    `Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) ${webkit} Version/16.6 Mobile/15E148 Safari/604.1`,
    'Safari',
    'iPad',
  ],
  [`${mac} ${webkit} Version/18.1 Safari/605.1.15`, 'Safari', 'macOS'],
  [`${mac} ${webkit} Version/17.6 Safari/605.1.15 Ddg/17.6`, 'DuckDuckGo', 'macOS'],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${blink} Chrome/140.0.0.0 Safari/537.36`,
    'Chrome',
    'ChromeOS',
  ],
  ['Mozilla/5.0 (X11; FreeBSD amd64; rv:142.0) Gecko/20100101 Firefox/142.0', 'Firefox', 'FreeBSD'],
  [`${iphone} ${webkit} Mobile/15E148`, undefined, 'iPhone'],
  ['curl/8.15.0', 'curl', undefined],
  ['node', undefined, undefined],
  ['', undefined, undefined],
]

for (const [userAgent, browser, system] of devices)
  void t.test(`${browser ?? 'something'} on ${system ?? 'anything'}: ${userAgent}`, async (t) => {
    t.same(deviceName(userAgent), {
      ...(browser !== undefined && { browser }),
      ...(system !== undefined && { system }),
    })
  })

void t.test('nothing of the header itself is ever said', async (t) => {
  t.same(deviceName(undefined), {})
  for (const userAgent of [
    '<script>alert(1)</script>',
    'Firefox',
    'Mozilla/5.0 (evil.example; https://evil.example)',
    `${'x'.repeat(500)} Firefox/143.0 Linux`,
    'constructor/1 __proto__/2',
  ])
    t.same(deviceName(userAgent), {}, userAgent.slice(0, 60))
  t.same(deviceName('Firefox/<img src=x> Linux'), { browser: 'Firefox', system: 'Linux' })
})

void t.test('a hostile header costs no time', async (t) => {
  const start = performance.now()
  deviceName('Version/1'.repeat(100_000))
  t.ok(performance.now() - start < 200)
})
