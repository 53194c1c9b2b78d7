import { isOpenIdScope } from '../../domain/oauth/scope.ts'
import { isBuiltInScope } from '../../domain/resources/built-in.ts'
import type { StandardScope, Words } from '../words/words.ts'

/**
 * What a scope lets an application do, in words for people: ours for the scopes of OpenID Connect and of our own APIs,
 * else those of the API, as its operators wrote them.
 */
export function scopeText(words: Words, scope: string, written: string | undefined): string {
  if (isOpenIdScope(scope)) return words.scopes[scope as StandardScope]
  return isBuiltInScope(scope) ? words.api.scopes[scope] : (written ?? scope)
}
