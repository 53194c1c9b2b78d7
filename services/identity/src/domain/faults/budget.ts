export interface FaultBudget {
  /** Whether one more may be kept: `likeness` is what makes two faults the same mistake of the same place. */
  allows(likeness: string, now: Date): boolean
}

export interface BudgetSizes {
  /** Kept in the long run. */
  readonly perSecond: number
  /** Kept at once after a quiet time. */
  readonly burst: number
  /** Of one likeness; so that one caller in a loop does not use up what is there for all. */
  readonly alikePerMinute: number
}

export const BUDGET: BudgetSizes = { perSecond: 20, burst: 100, alikePerMinute: 30 }

/** Likenesses remembered within a minute; more of them share what is left. */
const MAX_LIKENESSES = 5000

/** Bounds what strangers can make this service write down. In memory: it protects space, it decides nothing. */
export function createFaultBudget(sizes: BudgetSizes = BUDGET): FaultBudget {
  let left = sizes.burst
  let filledAt = 0
  let minute = -1
  const alike = new Map<string, number>()

  function refill(nowMs: number) {
    const sinceMs = Math.max(0, nowMs - filledAt)
    left = Math.min(sizes.burst, left + (sinceMs / 1000) * sizes.perSecond)
    filledAt = nowMs
    const current = Math.floor(nowMs / 60_000)
    if (current === minute) return
    minute = current
    alike.clear()
  }

  return {
    allows(likeness, now) {
      refill(now.getTime())
      const key = alike.has(likeness) || alike.size < MAX_LIKENESSES ? likeness : ''
      const used = alike.get(key) ?? 0
      if (left < 1 || used >= sizes.alikePerMinute) return false
      left -= 1
      alike.set(key, used + 1)
      return true
    },
  }
}
