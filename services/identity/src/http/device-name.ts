/** What a person calls the thing they use; each part by its own name, in no language. */
export interface DeviceName {
  readonly browser?: string
  readonly system?: string
}

type Names = readonly (readonly [pattern: RegExp, name: string])[]

/** More than any browser sends; the rest of a longer one is not looked at. */
const MAX_CHARACTERS = 400

// Order decides: nearly every browser also says that it is those it descends from.
const BROWSERS: Names = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|OPiOS|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bYaBrowser\//, 'Yandex Browser'],
  [/\b(?:DuckDuckGo|Ddg)\//, 'DuckDuckGo'],
  [/\bElectron\//, 'Electron'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bChromium\//, 'Chromium'],
  [/\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//, 'Safari'],
  [/\bcurl\//, 'curl'],
]

const SYSTEMS: Names = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac(?:intosh| OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
  [/\bFreeBSD\b/, 'FreeBSD'],
]

/** Browser and system behind a User-Agent header (RFC 9110 §10.1.5): names of our own list, never text of the header. */
export function deviceName(userAgent: string | undefined): DeviceName {
  const text = userAgent?.slice(0, MAX_CHARACTERS) ?? ''
  const browser = firstOf(BROWSERS, text)
  const system = firstOf(SYSTEMS, text)
  return { ...(browser !== undefined && { browser }), ...(system !== undefined && { system }) }
}

const firstOf = (names: Names, text: string): string | undefined =>
  names.find(([pattern]) => pattern.test(text))?.[1]
