import { type Api, type Operation, problemsOf } from '../api/operation.ts'
import { PROBLEMS, type ProblemName } from '../api/problem.ts'
import { paths } from '../paths.ts'
import { type SchemaBook, membersOf, schemaBook } from './schemas.ts'

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of the APIs, made of the tables that also make their routes. */
export function openApiDocument(issuer: string, apis: readonly Api[]): Json {
  const book = schemaBook(apis)
  const scopes = Object.assign({}, ...apis.map((api) => api.scopes)) as Readonly<
    Record<string, string>
  >
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signet',
      version: '1',
      description: apis
        .map(({ title, description }) => `**${title}.** ${description}`)
        .join('\n\n'),
    },
    servers: [{ url: issuer }],
    externalDocs: { url: issuer + paths.apiDocs },
    tags: apis.map(({ name, description }) => ({ name, description })),
    paths: Object.assign({}, ...apis.map((api) => pathsOf(api, book))) as Json,
    components: {
      schemas: { ...book.components, Problem: PROBLEM },
      responses: problemResponses(),
      securitySchemes: securitySchemes(issuer, scopes),
    },
  }
}

function pathsOf(api: Api, book: SchemaBook): Json {
  const items: Record<string, Record<string, unknown>> = {}
  for (const operation of api.operations) {
    const item = (items[api.base + operation.path] ??= {})
    item[operation.method.toLowerCase()] = describeOperation(api, operation, book)
  }
  return items
}

function describeOperation(api: Api, operation: Operation, book: SchemaBook): Json {
  const { id, summary, description, params, query, body, answer, scopes, fresh } = operation
  const parameters = [
    ...(params === undefined ? [] : membersOf(params).map((member) => ({ in: 'path', ...member }))),
    ...(query === undefined ? [] : membersOf(query).map((member) => ({ in: 'query', ...member }))),
  ]
  const content = (schema: Json) => ({ 'application/json': { schema } })
  const proof = fresh ? ['Needs a sign-in of the last ten minutes (RFC 9470).'] : []
  return {
    tags: [api.name],
    operationId: id,
    summary,
    description: [description, ...proof].filter((part) => part !== undefined).join(' '),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: content(book.refer(body)) },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.schema !== undefined && { content: content(book.refer(answer.schema)) }),
      },
      ...problemReferences(operation),
    },
    // One of them is enough, each with one of the scopes.
    security: ['openId', 'oauth2', 'bearer'].flatMap((scheme) =>
      scopes.map((scope) => ({ [scheme]: [scope] })),
    ),
  }
}

/** One line a status: problems that share one are told apart by their `type`. */
function problemReferences(operation: Operation): Json {
  const statuses = new Set(problemsOf(operation).map((name) => PROBLEMS[name].status))
  return Object.fromEntries(
    [...statuses]
      .toSorted((a, b) => a - b)
      .map((status) => [
        String(status),
        { $ref: `#/components/responses/${responseName(status)}` },
      ]),
  )
}

const responseName = (status: number) => `Problem${status}`

function problemResponses(): Json {
  const byStatus = new Map<number, ProblemName[]>()
  for (const name of Object.keys(PROBLEMS) as ProblemName[]) {
    const { status } = PROBLEMS[name]
    byStatus.set(status, [...(byStatus.get(status) ?? []), name])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      responseName(status),
      {
        description: names.map((name) => `${PROBLEMS[name].title}.`).join(' '),
        headers: {
          ...(status === 401 && { 'WWW-Authenticate': header('The challenge of RFC 6750 §3.') }),
          ...([429, 503].includes(status) && { 'Retry-After': header('Seconds to wait.') }),
        },
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  )
}

const header = (description: string) => ({ description, schema: { type: 'string' } })

const PROBLEM = {
  description: 'An error by RFC 9457.',
  type: 'object',
  required: ['type', 'title', 'status', 'instance'],
  properties: {
    type: {
      type: 'string',
      format: 'uri',
      description: 'Names the problem and leads to its description.',
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: {
      type: 'string',
      format: 'uri',
      description: 'Names this occurrence; its id is that of the log and of `signet why`.',
    },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: {
            type: 'string',
            description: 'Place in the body, a JSON Pointer (RFC 6901 §6).',
          },
          parameter: { type: 'string', description: 'Name of the query parameter.' },
          detail: { type: 'string' },
        },
      },
    },
  },
} as const

function securitySchemes(issuer: string, scopes: Readonly<Record<string, string>>): Json {
  return {
    openId: { type: 'openIdConnect', openIdConnectUrl: issuer + paths.openidConfiguration },
    oauth2: {
      type: 'oauth2',
      flows: {
        authorizationCode: {
          authorizationUrl: issuer + paths.authorize,
          tokenUrl: issuer + paths.token,
          refreshUrl: issuer + paths.token,
          scopes,
        },
      },
    },
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'An access token whose audience is the API (RFC 8707, RFC 9068). Cookies are never accepted.',
    },
  }
}
