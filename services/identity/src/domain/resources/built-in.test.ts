import t from 'tap'
import { isOpenIdScope } from '../oauth/scope.ts'
import { accountAudience, builtInResources, isBuiltInScope, withBuiltIn } from './built-in.ts'
import { targetResources } from './resource.ts'

const issuer = 'https://id.example.test'
const notes = { identifier: 'https://notes.example.test', name: 'Notes', scopes: { read: 'Read' } }

void t.test('our APIs are known beside those of the configuration', async (t) => {
  const known = withBuiltIn(issuer, [notes])
  t.same(known.slice(-1), [notes])
  t.ok(known.some(({ identifier }) => identifier === `${issuer}/account/api`))
  t.same(targetResources([], ['account:read'], known), builtInResources(issuer))
  t.same(targetResources([], ['read'], known), [notes])
})

void t.test('a row of the same identifier does not stand in for ours', async (t) => {
  const impostor = { ...notes, identifier: accountAudience(issuer), scopes: { account: 'Nothing' } }
  t.same(withBuiltIn(issuer, [impostor]), builtInResources(issuer))
  const known = withBuiltIn(issuer, [{ ...impostor, identifier: `${accountAudience(issuer)}/` }])
  t.equal(known.length, builtInResources(issuer).length + 1, 'another one is another one')
})

void t.test('scopes of ours are no scopes of OpenID, and nobody else’s', async (t) => {
  const scopes = builtInResources(issuer).flatMap((api) => Object.keys(api.scopes))
  t.ok(scopes.length >= 2)
  for (const scope of scopes) {
    t.ok(isBuiltInScope(scope), scope)
    t.notOk(isOpenIdScope(scope), scope)
  }
  for (const scope of [
    '',
    'Account',
    'account ',
    'account:',
    'account:write',
    'openid',
    'toString',
  ])
    t.notOk(isBuiltInScope(scope), scope)
})
