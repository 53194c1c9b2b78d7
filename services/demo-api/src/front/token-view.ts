import { html, type Html } from './html.ts'

export interface TokenDescription {
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly expires_at: number
  readonly expires_in: number
  readonly claims: Readonly<Record<string, unknown>> | null
}

const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'issued by',
  aud: 'meant for',
  sub: 'about',
  client_id: 'given to',
  iat: 'issued at',
  exp: 'good until',
  auth_time: 'signed in at',
  acr: 'assurance',
  amr: 'proved by',
  sid: 'session',
  jti: 'token id',
}
const TIMES = new Set(['iat', 'exp', 'nbf', 'auth_time'])

/** What the access token holds: scopes as chips, time left, every claim. */
export function tokenView(token: TokenDescription, mode: 'bff' | 'tmb'): Html {
  const { scopes, claims, expires_at: expiresAt, expires_in: expiresIn } = token
  const minutes = Math.ceil(expiresIn / 60)
  const left = expiresIn > 0 ? `${minutes} min left` : 'used up; renewed with your next step'
  const holder =
    mode === 'bff'
      ? 'It stays in the backend. Scripts on this page never see it.'
      : 'Scripts on this page hold it in memory; the refresh token stays in the backend.'
  return html`<section class="card token" aria-labelledby="token-title">
    <h2 id="token-title">Your access token</h2>
    <p class="soft">${holder}</p>
    <p class="left"><span id="token-left" data-expires-at="${expiresAt}">${left}</span></p>
    <h3>Scopes</h3>
    <ul class="chips" id="scopes">
      ${scopes.map((scope) => html`<li>${scope}</li>`)}
    </ul>
    <details>
      <summary>All claims</summary>
      <dl id="claims">
        ${Object.entries(claims ?? {}).map(([name, value]) => claimRow(name, value))}
      </dl>
    </details>
  </section>`
}

function claimRow(name: string, value: unknown): Html {
  const meaning = MEANINGS[name]
  const shown =
    TIMES.has(name) && typeof value === 'number'
      ? timeText(new Date(value * 1000))
      : html`${plainText(value)}`
  return html`<div>
    <dt><code>${name}</code>${meaning && html` <span>${meaning}</span>`}</dt>
    <dd><bdi>${shown}</bdi></dd>
  </div>`
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  return isList ? value.join(', ') : (JSON.stringify(value) ?? '')
}

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** A time in words; scripts put it into the reader's own time zone. */
export function timeText(time: Date): Html {
  if (Number.isNaN(time.getTime())) return html`?`
  return html`<time datetime="${time.toISOString()}">${FORMAT.format(time)} UTC</time>`
}
