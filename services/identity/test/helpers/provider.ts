import { type Answer, describe, isRecord, jsonOf, type Sending, send } from './wire.ts'

/** Puts a client's proof of identity into a back-channel request. */
export type ClientAuthentication = (headers: Record<string, string>, form: URLSearchParams) => void

/** client_secret_basic: both halves form-urlencoded before base64 (RFC 6749 §2.3.1). */
export function basic(clientId: string, secret: string): ClientAuthentication {
  return (headers) => {
    const pair = `${formEncode(clientId)}:${formEncode(secret)}`
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`
  }
}

/** client_secret_post. */
export function secretPost(clientId: string, secret: string): ClientAuthentication {
  return (_headers, form) => {
    form.set('client_id', clientId)
    form.set('client_secret', secret)
  }
}

/** Public client: only its id. */
export function publicId(clientId: string): ClientAuthentication {
  return (_headers, form) => form.set('client_id', clientId)
}

export const nobody: ClientAuthentication = () => undefined

export type Params = Readonly<Record<string, string>> | readonly (readonly [string, string])[]

/** The tokens of a successful answer. */
export interface Tokens {
  readonly answer: Answer
  readonly json: Record<string, unknown>
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
}

/** The service as a program sees it: endpoints found by discovery, forms in, JSON out. */
export class Provider {
  readonly issuer: string
  origin: string
  #metadata: Promise<Record<string, unknown>> | undefined

  constructor(issuer: string, origin = issuer) {
    this.issuer = issuer
    this.origin = origin
  }

  at(url: string): string {
    return url.replace(new URL(this.issuer).origin, new URL(this.origin).origin)
  }

  async metadata(): Promise<Record<string, unknown>> {
    this.#metadata ??= send(this.at(`${this.issuer}/.well-known/openid-configuration`)).then(jsonOf)
    return this.#metadata
  }

  async endpoint(name: string): Promise<string> {
    const url = (await this.metadata())[name]
    if (typeof url !== 'string') throw new Error(`discovery names no ${name}`)
    return this.at(url)
  }

  /** One authenticated form to a back-channel endpoint. */
  async call(
    endpoint: string,
    params: Params,
    authentication: ClientAuthentication = nobody,
    extra: Record<string, string> = {},
  ): Promise<Answer> {
    const form = formOf(params)
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      ...extra,
    }
    authentication(headers, form)
    return send(await this.endpoint(endpoint), { method: 'POST', headers, body: form.toString() })
  }

  async token(params: Params, authentication?: ClientAuthentication): Promise<Answer> {
    return this.call('token_endpoint', params, authentication)
  }

  async introspect(token: string, by: ClientAuthentication): Promise<Record<string, unknown>> {
    return jsonOf(await this.call('introspection_endpoint', { token }, by))
  }

  async revoke(token: string, by: ClientAuthentication, hint?: string): Promise<Answer> {
    const params = hint === undefined ? { token } : { token, token_type_hint: hint }
    return this.call('revocation_endpoint', params, by)
  }

  async userinfo(token: string, options: Sending = {}): Promise<Answer> {
    return send(await this.endpoint('userinfo_endpoint'), {
      ...options,
      headers: { authorization: `Bearer ${token}`, ...options.headers },
    })
  }

  async keys(): Promise<Record<string, unknown>[]> {
    const { keys } = jsonOf(await send(await this.endpoint('jwks_uri')))
    if (!Array.isArray(keys)) throw new Error('jwks_uri serves no keys')
    return keys.filter(isRecord)
  }
}

/** The tokens of an answer of the token endpoint; throws with it in words when it is a refusal. */
export function tokensOf(answer: Answer): Tokens {
  if (answer.status !== 200) throw new Error(`no tokens: ${describe(answer)}`)
  const json = jsonOf(answer)
  return {
    answer,
    json,
    accessToken: stringOf(json['access_token']),
    idToken: stringOf(json['id_token']),
    refreshToken: stringOf(json['refresh_token']),
  }
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** `400 invalid_grant`: status and OAuth error code of an answer, for one-line assertions. */
export function verdict(answer: Answer): string {
  let code: unknown
  try {
    code = jsonOf(answer)['error']
  } catch {
    code = undefined
  }
  return typeof code === 'string' ? `${answer.status} ${code}` : `${answer.status}`
}

export function formOf(params: Params): URLSearchParams {
  if (isPairs(params)) {
    const form = new URLSearchParams()
    for (const [name, value] of params) form.append(name, value)
    return form
  }
  return new URLSearchParams(params)
}

function isPairs(params: Params): params is readonly (readonly [string, string])[] {
  return Array.isArray(params)
}

/** application/x-www-form-urlencoded of one value (RFC 6749 Appendix B). */
function formEncode(value: string): string {
  return new URLSearchParams({ v: value }).toString().slice(2)
}
