import type { UpstreamPerson } from './person.ts'
import type { Provider } from './provider.ts'

/** What a visit begins with. */
export interface Departure {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** S256 of the verifier, RFC 7636 §4.2. */
  readonly challenge: string
  /** The person is signed in, and is to show once more who it is. */
  readonly isAgain: boolean
}

/** What a visit comes back with. */
export interface Visit {
  /** All parameters of the callback. */
  readonly parameters: URLSearchParams
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** How people are sent to one provider, and who it says they are. Both reject with an UpstreamError. */
export interface UpstreamClient {
  readonly provider: Provider
  address(departure: Departure): Promise<string>
  person(visit: Visit): Promise<UpstreamPerson>
}
