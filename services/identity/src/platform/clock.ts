/** The one source of time; tests pass their own and move it. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** NumericDate of RFC 7519 §2: whole seconds since the epoch. */
export function epochSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

export function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}
