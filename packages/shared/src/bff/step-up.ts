/** What an API asks of a sign-in, and a sign-in of the issuer. RFC 9470 §3, OIDC Core 1.0 §3.1.2.1 */
export interface StepUp {
  /** Levels in order of preference; empty for no wish. */
  readonly acrValues: readonly string[]
  readonly maxAgeSeconds: number | undefined
}

const LOGIN = '/bff/login'
const MAX_LENGTH = 2048
const MAX_VALUES = 10
const ACR = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/
const AGE = /^\d{1,9}$/

// A parameter with its value, or else the name of a scheme. RFC 9110 §11.2, §11.6.1
const PART =
  /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+))|([\w!#$%&'*+./^`|~-]+=*))/gy

/**
 * Reads a `WWW-Authenticate` value: what a person has to prove before the API takes the call, or undefined
 * when that is not what it says.
 */
export function challengedStepUp(challenges: string | null | undefined): StepUp | undefined {
  if (typeof challenges !== 'string' || challenges.length > MAX_LENGTH) return undefined
  let challenge = new Map<string, string>()
  const all = [challenge]
  for (const [, name, quoted, plain, scheme] of challenges.matchAll(PART)) {
    if (scheme !== undefined) all.push((challenge = new Map<string, string>()))
    else if (name !== undefined)
      challenge.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '')
  }
  const found = all.find((one) => one.get('error') === 'insufficient_user_authentication')
  if (found === undefined) return undefined
  return stepUpOf(found.get('acr_values'), found.get('max_age'))
}

/** What a request to `/bff/login` asks for; what is not well-formed counts as not there. */
export function stepUpOf(acrValues: unknown, maxAge: unknown): StepUp {
  const values = typeof acrValues === 'string' ? acrValues.split(' ') : []
  const isList = values.length <= MAX_VALUES && values.every((value) => ACR.test(value))
  const isAge = typeof maxAge === 'string' && AGE.test(maxAge)
  return { acrValues: isList ? values : [], maxAgeSeconds: isAge ? Number(maxAge) : undefined }
}

/** The parameters of an authorization request, or of `/bff/login`. */
export function stepUpParameters({ acrValues, maxAgeSeconds }: StepUp): Record<string, string> {
  return {
    ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
  }
}

/** Where a person goes to prove what is asked for; `returnTo` is a path of the application. */
export function stepUpPath(stepUp: StepUp, returnTo?: string): string {
  const query = new URLSearchParams({
    ...stepUpParameters(stepUp),
    ...(returnTo !== undefined && { return_to: returnTo }),
  })
  return query.size === 0 ? LOGIN : `${LOGIN}?${query.toString()}`
}
