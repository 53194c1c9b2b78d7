import type { FastifyRequest } from 'fastify'
import { FACTOR_SETUP } from '../../domain/factors/activate.ts'
import { factorName } from '../../domain/factors/rename.ts'
import {
  SETUP_TTL_SECONDS,
  type Setup,
  openSetup,
  proveSetup,
  sealSetup,
  setupKey,
} from '../../domain/factors/setup.ts'
import type { FactorStore } from '../../domain/factors/store.ts'
import { parseCode } from '../../domain/mail/code.ts'
import { single } from '../../domain/oauth/parameters.ts'
import type { SpentStore } from '../../domain/spent/store.ts'
import type { ThrottleStore } from '../../domain/throttles/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { pageQuery } from '../query.ts'

export interface EnrolmentDeps {
  readonly ring: KeyRing
  readonly clock: Clock
  readonly throttles: ThrottleStore
  readonly spent: SpentStore
  readonly factors: FactorStore
}

/** Who sets something up: the person, and the session or first proof that it is done in. */
export interface Enrollee {
  readonly userId: string
  readonly boundTo: string
}

/** The set-up that the address of a page names. */
export type FoundSetup =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly setup: Setup; readonly sealed: string }
  /** Too old, another person's or another session's, or made up. */
  | { readonly kind: 'stale' }
  /** It counts already: nothing of it is shown again. */
  | { readonly kind: 'done' }

export type FirstCodeProblem = 'codeMissing' | 'codeShape' | 'codeWrong'

export type Proving =
  | { readonly kind: 'proved'; readonly setup: Setup }
  | {
      readonly kind: 'problem'
      readonly code: FirstCodeProblem | undefined
      /** The name will not do. */
      readonly name: boolean
    }
  /** Too many codes were tried with this secret: only another one leads on. */
  | { readonly kind: 'exhausted' }

export interface TypedCode {
  readonly code: string
  readonly name: string
  /** What the authenticator is called if the person gives it no name. */
  readonly unnamed: string
}

const BUDGET = { tries: 10, windowSeconds: SETUP_TTL_SECONDS } as const

/** What the pages that set up a second factor share, in the account and in the middle of a sign-in. */
export interface Enrolments {
  seal(setup: Setup): string
  find(request: FastifyRequest, enrollee: Enrollee): Promise<FoundSetup>
  /** Checks the first code of an authenticator. */
  prove(setup: Setup, typed: TypedCode): Promise<Proving>
}

export function createEnrolments(deps: EnrolmentDeps): Enrolments {
  const { ring, clock, throttles, spent, factors } = deps
  return {
    seal: (setup) => sealSetup(ring, setup),
    async find(request, { userId, boundTo }) {
      const sealed = single(pageQuery(request), 'setup')
      if (sealed === undefined) return { kind: 'none' }
      const setup = openSetup(ring, sealed, userId, boundTo, clock())
      if (setup === undefined) return { kind: 'stale' }
      if (await spent.isSpent(FACTOR_SETUP, setupKey(setup))) return { kind: 'done' }
      return { kind: 'found', setup, sealed }
    },
    async prove(setup, typed) {
      const name = factorName(typed.name)
      const code = parseCode(typed.code)
      if (name === undefined || code === undefined) {
        const shape = typed.code.trim() === '' ? 'codeMissing' : 'codeShape'
        return {
          kind: 'problem',
          code: code === undefined ? shape : undefined,
          name: name === undefined,
        }
      }
      const now = clock()
      // Before the code is looked at: however many come at once, no more are tried.
      const take = await throttles.take(FACTOR_SETUP, setupKey(setup), BUDGET, now)
      if (take.kind === 'exhausted') return { kind: 'exhausted' }
      const { recoveryCodes } = await factors.factorsOf(setup.userId)
      const first = {
        code,
        name: name === '' ? typed.unnamed : name,
        withRecoveryCodes: recoveryCodes === 0,
      }
      const proved = proveSetup(setup, first, now)
      return proved === undefined
        ? { kind: 'problem', code: 'codeWrong', name: false }
        : { kind: 'proved', setup: proved }
    },
  }
}
