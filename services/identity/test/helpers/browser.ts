import { type Form, formsOf } from './html.ts'
import { type Answer, describe, send } from './wire.ts'

export interface Person {
  readonly email: string
  readonly password: string
}

/** What reached the client: the parameters of the answer, and how they came. */
export interface Callback {
  readonly uri: string
  readonly params: URLSearchParams
  readonly mode: 'query' | 'fragment' | 'form_post'
}

/** Where a walk through the pages ended, and which steps a person saw on the way. */
export interface Landing {
  readonly answer: Answer
  readonly steps: readonly string[]
  readonly callback?: Callback
}

export interface Manners {
  readonly person?: Person
  readonly consent?: 'allow' | 'deny'
  /** Stop at the first page instead of answering it. */
  readonly stop?: boolean
}

interface Cookie {
  readonly value: string
  readonly path: string
}

/**
 * One person's browser: a cookie jar over fetch, forms instead of scripts. Requests for the issuer
 * go to `origin`, so the same browser can be sent to either of two processes with one issuer.
 */
export class Browser {
  readonly cookies = new Map<string, Cookie>()
  readonly issuer: string
  origin: string

  constructor(issuer: string, origin = issuer) {
    this.issuer = issuer
    this.origin = origin
  }

  /** The same jar, copied: what a thief of the present cookies would hold. */
  twin(): Browser {
    const twin = new Browser(this.issuer, this.origin)
    for (const [name, cookie] of this.cookies) twin.cookies.set(name, cookie)
    return twin
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send(url, { method: 'GET', headers })
  }

  /**
   * Posts a form. Chromium sends `Origin: null` under our own `Referrer-Policy: no-referrer`
   * (Fetch, "append a request Origin header"), so this browser does too.
   */
  async post(
    url: string,
    form: Record<string, string> | URLSearchParams,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.#send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'null',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: new URLSearchParams(form).toString(),
    })
  }

  /** Follows redirects as long as they stay at the issuer. */
  async follow(answer: Answer): Promise<Answer> {
    let current = answer
    const seen: string[] = []
    for (;;) {
      const location = current.headers.get('location')
      if (current.status < 300 || current.status > 399 || location === null) return current
      const next = new URL(location, current.url)
      if (next.origin !== new URL(this.issuer).origin) return current
      seen.push(next.pathname)
      if (seen.length > 12) throw new Error(`redirects without end: ${seen.join(' ')}`)
      // 303, and 302 by custom, turn into GET; 307 would send the password on (RFC 9700 §4.12).
      if (current.status === 307 || current.status === 308)
        throw new Error(`${current.status} repeats a POST: ${describe(current)}`)
      current = await this.get(next.href)
    }
  }

  async open(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.follow(await this.get(url, headers))
  }

  /** Fills in and sends the form that has the given fields or button, then follows. */
  async submit(
    page: Answer,
    values: Record<string, string>,
    press?: { readonly name: string; readonly value: string },
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const form = formWith(page, Object.keys(values), press)
    const filled = new URLSearchParams()
    for (const { name, value } of form.fields)
      if (values[name] === undefined) filled.append(name, value)
    for (const [name, value] of Object.entries(values)) filled.append(name, value)
    if (press !== undefined) filled.append(press.name, press.value)
    const action = new URL(form.action === '' ? page.url : form.action, page.url)
    if (form.method === 'get') {
      action.search = filled.toString()
      return this.follow(await this.get(action.href))
    }
    return this.follow(await this.post(action.href, filled, headers))
  }

  async signIn(page: Answer, { email, password }: Person): Promise<Answer> {
    return this.submit(page, { email, password })
  }

  async decide(page: Answer, decision: string): Promise<Answer> {
    return this.submit(page, {}, { name: 'decision', value: decision })
  }

  /** Opens an authorization request and answers the pages that come, until nothing more is asked. */
  async authorize(url: string, manners: Manners = {}): Promise<Landing> {
    return this.walk(await this.open(url), manners)
  }

  /** Answers login and consent pages from `answer` on. */
  async walk(answer: Answer, manners: Manners = {}): Promise<Landing> {
    const steps: string[] = []
    let current = answer
    for (;;) {
      const callback = callbackOf(current, this.issuer)
      if (callback !== undefined) return { answer: current, steps, callback }
      const step = stepOf(current)
      if (step !== undefined) steps.push(step)
      if (manners.stop === true || step === undefined || steps.length > 6)
        return { answer: current, steps }
      if (step === 'login') {
        if (manners.person === undefined) return { answer: current, steps }
        if (steps.filter((seen) => seen === 'login').length > 1) return { answer: current, steps }
        current = await this.signIn(current, manners.person)
      } else if (step === 'consent') {
        if (manners.consent === undefined) return { answer: current, steps }
        current = await this.decide(current, manners.consent)
      } else return { answer: current, steps }
    }
  }

  async #send(
    url: string,
    options: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<Answer> {
    const wanted = new URL(url, `${this.issuer}/`)
    const cookie = [...this.cookies]
      .filter(([, { path }]) => wanted.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const all = cookie === '' ? options.headers : { cookie, ...options.headers }
    // An empty value says: an old browser that does not send this header.
    const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
    const at = wanted.href.replace(new URL(this.issuer).origin, new URL(this.origin).origin)
    const answer = await send(at, { ...options, headers })
    for (const line of answer.headers.getSetCookie()) this.#keep(line)
    return { ...answer, url: wanted.href }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    const value = pair.slice(at + 1)
    const found = new Map(
      attributes.map((attribute) => {
        const [key = '', ...rest] = attribute.split('=')
        return [key.toLowerCase(), rest.join('=')] as const
      }),
    )
    const expires = found.get('expires')
    const gone =
      Number(found.get('max-age') ?? 1) <= 0 ||
      (expires !== undefined && !found.has('max-age') && Date.parse(expires) <= 86_400_000)
    if (gone || value === '') this.cookies.delete(name)
    else this.cookies.set(name, { value, path: found.get('path') ?? '/' })
  }
}

/** The answer to the client in a redirect or an auto-submitting form; undefined while at the issuer. */
export function callbackOf(answer: Answer, issuer: string): Callback | undefined {
  const own = new URL(issuer).origin
  const location = answer.headers.get('location')
  if (answer.status >= 300 && answer.status < 400 && location !== null) {
    const url = new URL(location, answer.url)
    if (url.origin === own && url.origin !== 'null') return undefined
    const fragment = url.hash.length > 1
    return {
      uri: location.replace(/[?#].*$/, ''),
      params: new URLSearchParams(fragment ? url.hash.slice(1) : url.search),
      mode: fragment ? 'fragment' : 'query',
    }
  }
  if (answer.status !== 200) return undefined
  for (const form of formsOf(answer.body)) {
    if (form.method !== 'post' || form.action === '') continue
    const target = new URL(form.action, answer.url)
    if (target.origin === own && target.origin !== 'null') continue
    const params = new URLSearchParams()
    for (const { name, value } of form.fields) params.append(name, value)
    return { uri: form.action, params, mode: 'form_post' }
  }
  return undefined
}

/** The callback of a landing; throws with the page in words when there is none. */
export function mustReturn(landing: Landing): Callback {
  if (landing.callback === undefined)
    throw new Error(
      `the client got no answer (${landing.steps.join()}): ${describe(landing.answer)}`,
    )
  return landing.callback
}

/** The name of the step whose page this is (`login`, `consent`, …), or undefined. */
export function stepOf(answer: Answer): string | undefined {
  if (answer.status >= 500) return undefined
  const { pathname } = new URL(answer.url)
  const step = /\/(login|consent|select-account|mfa|register)$/.exec(pathname)?.[1]
  return formsOf(answer.body).some((form) => form.method === 'post') ? step : undefined
}

/** The form that has these fields and this button; throws when the page has none. */
export function formWith(
  page: Answer,
  fields: readonly string[] = [],
  press?: { readonly name: string; readonly value: string },
): Form {
  const form = formsOf(page.body).find(
    (candidate) =>
      fields.every((name) => candidate.fields.some((field) => field.name === name)) &&
      (press === undefined ||
        candidate.buttons.some(({ name, value }) => name === press.name && value === press.value)),
  )
  if (form !== undefined) return form
  const wanted = [...fields, press === undefined ? '' : `${press.name}=${press.value}`].join(' ')
  throw new Error(`no form with ${wanted}: ${describe(page)}`)
}

/** The value of a field of the page's first form that has it, such as the hidden `csrf`. */
export function fieldOf(page: Answer, name: string): string {
  const field = formWith(page, [name]).fields.find((candidate) => candidate.name === name)
  return field?.value ?? ''
}
