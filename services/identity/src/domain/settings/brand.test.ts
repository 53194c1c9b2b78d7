import t from 'tap'
import { parseConfigurationFile } from '../configuration/file.ts'
import { logoFault, pictureOf } from './logo.ts'

/** What the configuration file says of a brand, as path, line and reason. */
function faultsOf(brand: unknown): string[] {
  const parsed = parseConfigurationFile(JSON.stringify({ settings: { brand } }, undefined, 1))
  return parsed.kind === 'valid'
    ? []
    : parsed.faults.map(({ path, line, reason }) => `${path} line ${line}: ${reason}`)
}

const png = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`

void t.test('a brand, whole, in part and not at all', async (t) => {
  const css = '.card { border-radius: 0 }\n/* </style><script>alert(1)</script> */'
  t.same(faultsOf({ name: 'Acme', accent_color: '#FFD400', logo_uri: png, css }), [])
  for (const brand of [
    {},
    { name: 'A' },
    { name: '名' },
    { name: 'R&D "<b>" \u200c' },
    { css: '' },
  ])
    t.same(faultsOf(brand), [], JSON.stringify(brand))
})

void t.test('faults name their path, line and reason', async (t) => {
  t.same(faultsOf({ name: 'Acme', acent_color: '#000000' }), [
    'settings.brand.acent_color line 5: is not a known setting',
  ])
  t.same(faultsOf({ name: 'Acme', accent_color: 'red' }), [
    'settings.brand.accent_color line 5: must be a colour such as #17594a',
  ])
  const refused: readonly (readonly [string, unknown])[] = [
    ['name', ''],
    ['name', ' Acme'],
    ['name', 'Acme\n'],
    ['name', 'Ac\r\nBcc: x'],
    ['name', 'Acme\u202e'],
    ['name', 'Acme\0Inc'],
    ['name', '\ud800'],
    ['name', 'a'.repeat(61)],
    ['name', 7],
    ['name', null],
    ['name', ['Acme']],
    ['accent_color', '#fff'],
    ['accent_color', '17594a'],
    ['accent_color', '#17594a;}'],
    ['accent_color', '#17594g'],
    ['accent_color', '#17594a '],
    ['accent_color', 'rgb(0,0,0)'],
    ['css', 'a'.repeat(16_385)],
    ['css', 'ä'.repeat(8193)],
    ['css', 'a{}\0'],
    ['css', '\udc00'],
    ['css', {}],
    ['logo_uri', 'logo.svg'],
  ]
  for (const [member, value] of refused)
    t.match(
      faultsOf({ [member]: value }),
      [new RegExp(`^settings\\.brand\\.${member} line 4: `)],
      `${member} ${JSON.stringify(value).slice(0, 30)}`,
    )
  t.same(faultsOf({ css: 'ä'.repeat(8192) }), [], '16 kB, counted in bytes')
  for (const brand of ['Acme', [], 1, null])
    t.match(faultsOf(brand), [/^settings\.brand line 3: /], JSON.stringify(brand))
})

void t.test('a logo is fetched safely or drawn from the settings', async (t) => {
  const shown = [
    'https://acme.example/logo.svg',
    'http://localhost:4001/logo.png',
    'http://127.0.0.1/logo.png',
    'http://[::1]:8080/logo.png',
    png,
    'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E',
    'data:image/svg+xml;base64,PHN2Zy8+',
  ]
  for (const uri of shown) t.equal(logoFault(uri), undefined, uri)
  const refused = [
    '',
    'logo.svg',
    '/logo.svg',
    '//acme.example/logo.svg',
    'http://acme.example/logo.svg',
    'http://localhost.acme.example/logo.svg',
    'https://user:secret@acme.example/logo.svg',
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'blob:https://acme.example/1',
    'file:///etc/passwd',
    'ftp://acme.example/logo.svg',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml;charset=utf-8,<svg/>',
    'data:image/png;base64,',
    'data:image/png;base64,!!!!',
    'data:image/png;base64,AAAAA',
    'data:image/svg+xml,100%',
    'DATA:image/png;base64,AAAA',
    `data:image/png;base64,${'A'.repeat(65_536)}`,
  ]
  for (const uri of refused) t.type(logoFault(uri), 'string', uri.slice(0, 60))
})

void t.test('a picture is what its URI says', async (t) => {
  t.same(pictureOf(png), { type: 'image/png', bytes: Buffer.from('picture') })
  t.same(pictureOf('data:image/svg+xml,%3Csvg/%3E'), {
    type: 'image/svg+xml',
    bytes: Buffer.from('<svg/>'),
  })
  t.equal(pictureOf('https://acme.example/logo.svg'), undefined)
})

void t.test('the length of passwords has bounds', async (t) => {
  const faults = (settings: object) => {
    const parsed = parseConfigurationFile(JSON.stringify({ settings }))
    return parsed.kind === 'valid' ? 0 : parsed.faults.length
  }
  for (const name of ['password_min_characters', 'password_min_characters_with_second_factor']) {
    for (const value of [8, 15, 64]) t.equal(faults({ [name]: value }), 0, `${name} ${value}`)
    for (const value of [7, 0, -1, 65, 15.5, '15', null])
      t.equal(faults({ [name]: value }), 1, `${name} ${value}`)
  }
})
