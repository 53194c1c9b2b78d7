import t from 'tap'
import { accountApi, accountClients } from '../helpers/account-api.ts'
import { startIdentity } from '../helpers/identity.ts'
import { isRecord, jsonOf, send } from '../helpers/wire.ts'
import { world } from '../helpers/world.ts'

const identity = await startIdentity(t, { config: world({}, [...accountClients]) })
const api = accountApi(identity)
const answer = await send(`${identity.issuer}/openapi.json`)
const document = jsonOf(answer)
const at = (value: unknown, ...path: readonly string[]): Record<string, unknown> => {
  let current = value
  for (const name of path) current = isRecord(current) ? current[name] : undefined
  return isRecord(current) ? current : {}
}

/** Each operation with its path and method. */
const operations = Object.entries(at(document, 'paths')).flatMap(([path, item]) =>
  Object.entries(at(item)).map(([method, operation]) => ({
    path,
    method,
    operation: at(operation),
  })),
)

void t.test('the document: OpenAPI 3.1, for everybody', async (t) => {
  t.equal(answer.status, 200)
  t.match(answer.headers.get('content-type'), /^application\/json/)
  t.equal(answer.headers.get('access-control-allow-origin'), '*')
  t.match(document['openapi'], /^3\.1\.\d$/)
  t.same(document['servers'], [{ url: identity.issuer }])
  t.match(at(document, 'info'), { title: 'Signet', version: /\S/ })
})

void t.test('every reference leads somewhere, and everything named is used', async (t) => {
  const named = new Set<string>()
  for (const kind of ['schemas', 'responses'])
    for (const name of Object.keys(at(document, 'components', kind)))
      named.add(`#/components/${kind}/${name}`)
  const used = new Set(
    [...answer.body.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => String(ref)),
  )
  t.same(
    [...used].filter((ref) => !named.has(ref)),
    [],
    'dangling',
  )
  const rare = /\/Problem(500|409|404|405)$/
  t.same(
    [...named].filter((ref) => !used.has(ref) && !rare.test(ref)),
    [],
    'unused',
  )
})

void t.test('operations: unique ids, described variables, answers and ways in', async (t) => {
  const ids = operations.map(({ operation }) => operation['operationId'])
  t.equal(new Set(ids).size, ids.length)
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`
    t.match(operation['operationId'], /^[a-z][A-Za-z]+$/, name)
    t.match(operation['summary'], /^[A-Z].*[^.]$/, name)
    const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, variable]) => variable)
    const parameters = (
      Array.isArray(operation['parameters']) ? operation['parameters'] : []
    ).filter(isRecord)
    const inPath = parameters.filter((parameter) => parameter['in'] === 'path')
    t.same(
      inPath.map((parameter) => parameter['name']),
      variables,
      name,
    )
    t.ok(
      inPath.every((parameter) => parameter['required'] === true),
      name,
    )
    t.ok(
      parameters.every((parameter) => isRecord(parameter['schema'])),
      name,
    )
    const statuses = Object.keys(at(operation['responses']))
    t.equal(statuses.filter((status) => status.startsWith('2')).length, 1, name)
    for (const status of ['401', '403', '429', '503'])
      t.ok(statuses.includes(status), `${name} ${status}`)
    if ('requestBody' in operation)
      for (const status of ['400', '413', '415', '422'])
        t.ok(statuses.includes(status), `${name} ${status}`)
    t.notOk(method === 'get' && 'requestBody' in operation, name)
    const security = Array.isArray(operation['security'])
      ? operation['security'].filter(isRecord)
      : []
    t.ok(security.length > 0, name)
    for (const one of security)
      for (const [scheme, scopes] of Object.entries(one)) {
        t.ok(isRecord(at(document, 'components', 'securitySchemes')[scheme]), `${name} ${scheme}`)
        t.same(
          scopes,
          method === 'get' && String(scopes) !== 'account' ? ['account:read'] : ['account'],
          name,
        )
      }
  }
})

void t.test('where tokens come from', async (t) => {
  const schemes = at(document, 'components', 'securitySchemes')
  const metadata = await api.provider.metadata()
  const flow = at(schemes, 'oauth2', 'flows', 'authorizationCode')
  t.equal(flow['authorizationUrl'], metadata['authorization_endpoint'])
  t.equal(flow['tokenUrl'], metadata['token_endpoint'])
  t.same(Object.keys(at(flow, 'scopes')).toSorted(), ['account', 'account:read'])
  t.equal((await send(String(at(schemes, 'openId')['openIdConnectUrl']))).status, 200)
})

void t.test(
  'examples are valid JSON of known members, and no operation is without its page',
  async (t) => {
    for (const { path, method, operation } of operations) {
      const name = `${method} ${path}`
      const page = await send(
        `${identity.issuer}/docs/operations/${String(operation['operationId'])}`,
      )
      t.equal(page.status, 200, name)
      t.match(page.body, String(operation['summary']))
      t.ok(page.body.includes(`<code>${identity.issuer}${path}</code>`), `${name}: its address`)
      const { $ref } = at(operation, 'requestBody', 'content', 'application/json', 'schema')
      if (typeof $ref !== 'string') continue
      const schema = at(document, ...$ref.slice(2).split('/'))
      t.equal(schema['additionalProperties'], false, `${name} takes nothing unknown`)
      const examples: unknown[] = Array.isArray(schema['examples']) ? schema['examples'] : []
      const [example] = examples
      t.ok(isRecord(example), `${name} has an example`)
      for (const member of Object.keys(at(example)))
        t.ok(Object.hasOwn(at(schema, 'properties'), member), `${name} ${member}`)
      for (const member of Object.keys(at(schema, 'properties')))
        t.ok(page.body.includes(`<code>${member}</code>`), `${name}: ${member} is on the page`)
    }
  },
)

void t.test('the pages: ours in every way', async (t) => {
  for (const path of ['/docs', '/docs/problems', '/docs/operations/getProfile']) {
    const page = await send(identity.issuer + path)
    t.equal(page.status, 200, path)
    t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
    t.match(page.headers.get('content-type'), /^text\/html/)
    t.notMatch(page.body, /<style|\sstyle=|<script(?![^>]* src="\/assets\/)/)
  }
  const overview = await send(`${identity.issuer}/docs`, { headers: { 'accept-language': 'ar' } })
  t.match(overview.body, '<html lang="ar" dir="rtl">')
  for (const { operation } of operations)
    t.ok(overview.body.includes(`/docs/operations/${String(operation['operationId'])}"`))
})

for (const id of ['nothing', 'constructor', '__proto__', '%00', '<script>', 'getProfile/x'])
  void t.test(`no page for ${id}`, async (t) => {
    const headers = { accept: 'text/html' }
    const page = await send(`${identity.issuer}/docs/operations/${encodeURI(id)}`, { headers })
    t.equal(page.status, 404)
    t.notMatch(page.body, '<script>')
  })
