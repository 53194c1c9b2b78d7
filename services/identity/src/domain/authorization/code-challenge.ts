import { type Client, isPublic } from '../clients/client.ts'
import type { Why } from '../faults/why.ts'
import { type Parameters, single } from '../oauth/parameters.ts'
import { isCodeChallenge } from '../oauth/pkce.ts'

/** The code challenge of a request, if it has one and may do without, or what is wrong with it. */
export function codeChallenge(
  parameters: Parameters,
  client: Client,
): { fault: string; why: Why } | { fault?: undefined; value: string | undefined } {
  const challenge = single(parameters, 'code_challenge')
  const method = single(parameters, 'code_challenge_method')
  if (challenge === undefined) {
    const why = { check: 'pkce_missing', expected: { code_challenge_method: 'S256' } } as const
    if (method !== undefined) return { fault: 'code_challenge is missing', why }
    // RFC 9700 §2.1.1: only a client that proves itself can be exempted, and only by its own setting.
    if (isPublic(client) || client.metadata.require_pkce)
      return { fault: 'code_challenge is missing: PKCE with S256 is required', why }
    return { value: undefined }
  }
  // RFC 7636 §4.3: a missing method means plain, which reveals the verifier (RFC 9700 §2.1.1).
  if (method !== 'S256') {
    const received = { code_challenge_method: method ?? '(none, which means plain)' }
    const why: Why = {
      check: 'pkce_method_unsupported',
      expected: { code_challenge_method: 'S256' },
      received,
    }
    return { fault: 'code_challenge_method must be S256', why }
  }
  if (!isCodeChallenge(challenge)) {
    const why: Why = {
      check: 'pkce_challenge_malformed',
      expected: { characters: '43 of A–Z a–z 0–9 - _' },
      received: { characters: String(challenge.length) },
    }
    return { fault: 'code_challenge is not an S256 challenge', why }
  }
  return { value: challenge }
}
