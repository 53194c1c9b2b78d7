import type { Factors } from '../../domain/factors/store.ts'

/** How a second factor is shown. */
export type Way = 'authenticator' | 'passkey' | 'recovery-code'

/** The ways that a person has, the usual one first. Recovery codes are a way only beside a factor that they replace. */
export function waysOf({ authenticators, passkeys, recoveryCodes }: Factors): readonly Way[] {
  const factors: readonly Way[] = [
    ...(authenticators > 0 ? (['authenticator'] as const) : []),
    ...(passkeys > 0 ? (['passkey'] as const) : []),
  ]
  return factors.length > 0 && recoveryCodes > 0 ? [...factors, 'recovery-code'] : factors
}

/** The page that an address asks for, of those that the person has; undefined where there is nothing to show. */
export function pageOf(asked: string | undefined, ways: readonly Way[]): Way | 'other' | undefined {
  const [usual] = ways
  if (usual === undefined || asked === 'other') return usual && 'other'
  return ways.find((way) => way === asked) ?? usual
}
