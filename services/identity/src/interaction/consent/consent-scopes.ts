import type { AuthorizationRequest } from '../../domain/authorization/request.ts'
import { isOpenIdScope, permissionsOf } from '../../domain/oauth/scope.ts'
import { scopeText } from '../../http/language/scope-text.ts'
import type { Words } from '../../http/words/words.ts'
import type { ConsentScope } from './view.tsx'

/** What is asked for, one line each in plain words, and whether it was allowed before. */
export function consentScopes(
  { consentScopes: scopes, resources }: AuthorizationRequest,
  allowed: readonly string[],
  words: Words,
): ConsentScope[] {
  return scopes.flatMap((name) => {
    const isNew = !permissionsOf([name], resources).every((permission) =>
      allowed.includes(permission),
    )
    if (isOpenIdScope(name)) return [{ name, text: scopeText(words, name, undefined), isNew }]
    // Two APIs may call different things by one name: a line for each.
    const owners = resources.filter((resource) => Object.hasOwn(resource.scopes, name))
    return owners.map(({ scopes: texts }) => {
      return { name, text: scopeText(words, name, texts[name]), isNew }
    })
  })
}
