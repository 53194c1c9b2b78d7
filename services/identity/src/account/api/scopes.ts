import type { AccountScope } from '../../domain/resources/built-in.ts'

/** What a look needs: the narrow scope, or the one that allows all. */
export const TO_READ: readonly AccountScope[] = ['account:read', 'account']

/** What a change needs. */
export const TO_CHANGE: readonly AccountScope[] = ['account']
