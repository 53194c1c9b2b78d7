import { accountApi, type AccountApiDeps } from '../../src/account/api/api.ts'
import { operationReference } from '../../src/http/openapi/reference.ts'
import { schemaBook } from '../../src/http/openapi/schemas.ts'
import type { Words } from '../../src/http/words/words.ts'
import {
  DOCS_STYLE,
  docsFrame,
  operationView,
  overviewView,
  problemsView,
} from '../../src/protocol/api-docs/view.tsx'
import type { State } from './gallery-fixtures.ts'

const issuer = 'https://accounts.northern-region.department.example'
const ring = { seal: () => '', open: () => undefined }
// Described, never called.
const api = accountApi({ issuer, ring } as unknown as AccountApiDeps)
const book = schemaBook([api])
const shown = new Set(['changeProfile', 'listApps'])

/** The reference of the APIs. */
export function apiPages(words: Words): readonly State[] {
  const look = { style: DOCS_STYLE, frame: docsFrame }
  const { docs } = words.api
  return [
    { ...look, name: 'api', title: docs.title, body: overviewView({ words, apis: [api] }) },
    { ...look, name: 'api-problems', title: docs.problems, body: problemsView({ words }) },
    ...api.operations
      .filter(({ id }) => shown.has(id))
      .map((operation) => ({
        ...look,
        name: `api-${operation.id}`,
        title: operation.summary,
        body: operationView({ words, of: operationReference(issuer, api, operation, book) }),
      })),
  ]
}
