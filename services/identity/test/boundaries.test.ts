// The dependency rule of ARCHITECTURE.md, over the import statements of every source file.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import t from 'tap'

import { check } from './boundaries/check.ts'
import { importsOf, type Module } from './boundaries/imports.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))

function sources(): Module[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return {
        path: relative(src, file).split(sep).join('/'),
        source: readFileSync(file, 'utf8'),
      }
    })
}

void t.test('every module of src keeps the rule', async (t) => {
  const modules = sources()
  // A green that looked at nothing is a fault.
  t.ok(modules.length > 60, `${modules.length} modules`)
  const imports = modules.flatMap((module) => importsOf(module))
  t.ok(imports.length > modules.length, `${imports.length} imports`)
  const known = new Set(modules.map(({ path }) => path))
  const missing = imports.filter((path) => /^[^.@].*\.tsx?$/.test(path) && !known.has(path))
  t.same(missing, [], 'each import of a source file was understood')
  t.same(check(modules), [])
})

void t.test('an honest house has no violation', async (t) => {
  t.same(check(house), [])
})

const house: Module[] = [
  module('main.ts', `import { app } from './app.ts'`, `import { read } from './config.ts'`),
  module(
    'app.ts',
    `import { token } from './protocol/token/routes.ts'`,
    `import fastify from 'fastify'`,
  ),
  module('config.ts', `export const port = process.env['PORT']`),
  module('cli/main.ts', `import '../app.ts'`, `import { read } from '../config.ts'`),
  module(
    'protocol/token/routes.ts',
    `import { exchange } from './exchange.ts'`,
    `import type { FastifyInstance } from 'fastify'`,
    `import { backChannel } from '../../http/back-channel.ts'`,
    `import { users } from '../../domain/users/store.ts'`,
  ),
  module('protocol/token/exchange.ts', `import { now } from '../../platform/clock.ts'`),
  module('interaction/login/view.tsx', `import { h } from 'preact'`),
  module('http/back-channel.ts', `import plugin from 'fastify-plugin'`),
  module('domain/users/schema.ts', `import { pgTable } from 'drizzle-orm/pg-core'`),
  module(
    'domain/users/store.ts',
    `import { eq } from 'drizzle-orm'`,
    `import { users } from './schema.ts'`,
    `import type { Db } from '../../platform/db/database.ts'`,
  ),
  module(
    'domain/users/store.test.ts',
    `import { sql } from 'drizzle-orm'`,
    `import '../../../test/helpers/database.ts'`,
  ),
  module('platform/db/database.ts', `import pg from 'pg'`, `import { sql } from 'drizzle-orm'`),
  module(
    'platform/clock.ts',
    `// import x from '../app.ts'`,
    `/* process.env import '../app.ts' */`,
  ),
]

/** Each as the one more file, or the one changed file, of the house above. */
const planted: Record<string, [path: string, line: string][]> = {
  'imports-go-right': [
    ['platform/db/bad.ts', `import { users } from '../../domain/users/store.ts'`],
    ['domain/users/bad.ts', `import { backChannel } from '../../http/back-channel.ts'`],
    ['domain/users/bad.ts', `import type { Exchange } from '../../protocol/token/exchange.ts'`],
    ['http/bad.ts', `export { exchange } from '../protocol/token/exchange.ts'`],
    ['http/bad.ts', `const { exchange } = await import('../protocol/token/exchange.ts')`],
    ['platform/bad.ts', `import {\n  users,\n  others,\n} from '../domain/users/store.ts'`],
    ['platform/bad.ts', `export * from '../domain/users/store.ts'`],
    ['platform/bad.ts', `import '../http/back-channel.ts'`],
  ],
  'slices-know-no-other-slice': [
    ['interaction/login/bad.ts', `import { exchange } from '../../protocol/token/exchange.ts'`],
    ['protocol/revocation/bad.ts', `import { exchange } from '../token/exchange.ts'`],
    ['admin/bad.ts', `import { exchange } from '../protocol/token/exchange.ts'`],
  ],
  'nobody-imports-the-root': [
    ['protocol/token/bad.ts', `import { read } from '../../config.ts'`],
    ['http/bad.ts', `import type { App } from '../app.ts'`],
    ['domain/users/bad.ts', `import { command } from '../../cli/main.ts'`],
    ['platform/bad.ts', `import '../main.ts'`],
  ],
  'fastify-above-domain': [
    ['domain/users/bad.ts', `import type { FastifyRequest } from 'fastify'`],
    ['domain/users/bad.ts', `import plugin from 'fastify-plugin'`],
    ['platform/bad.ts', `import cookie from '@fastify/cookie'`],
  ],
  'html-above-domain': [['domain/users/bad.ts', `import { h } from 'preact'`]],
  'sql-in-stores': [
    ['protocol/token/bad.ts', `import { eq } from 'drizzle-orm'`],
    ['domain/users/bad.ts', `import { sql } from 'drizzle-orm'`],
    ['domain/users/my-store.ts', `import { integer } from 'drizzle-orm/pg-core'`],
    ['app.ts', `import { sql } from 'drizzle-orm'`],
  ],
  'drivers-in-db': [
    ['domain/users/store.ts', `import pg from 'pg'`],
    ['cli/bad.ts', `import { PGlite } from '@electric-sql/pglite'`],
  ],
  'environment-in-config': [
    ['app.ts', `export const port = process.env['PORT']`],
    ['main.ts', `export const { PORT } = process.env`],
    ['cli/bad.ts', `export const env = process['env']`],
    ['platform/bad.ts', `import { env } from 'node:process'`],
  ],
  'no-cycles': [
    ['platform/clock.ts', `import '../platform/clock-user.ts'`],
    ['domain/users/schema.ts', `import type { Store } from './store.ts'`],
  ],
  'no-folder-cycles': [['platform/db/bad.ts', `import '../time/zone.ts'`]],
  'no-tests-in-production': [
    ['domain/users/bad.ts', `import { things } from './store.test.ts'`],
    ['app.ts', `import { database } from '../test/helpers/database.ts'`],
  ],
  'no-drawers': [
    ['domain/users/utils.ts', ''],
    ['domain/users/index.ts', ''],
    ['http/helpers/cookie.ts', ''],
    ['domain/users/user-manager.ts', ''],
    ['platform/common/text.ts', ''],
  ],
  'file-size': [['domain/users/bad.ts', 'line\n'.repeat(401)]],
  'known-folders': [['services/users.ts', '']],
}

/** Modules that only the planted violation of a rule needs. */
const beside: Module[] = [
  module('platform/clock-user.ts', `import { now } from './clock.ts'`),
  module('platform/time/zone.ts', `import { open } from '../db/database.ts'`),
]

void t.test('each planted violation is seen, and nothing else', async (t) => {
  for (const [rule, plants] of Object.entries(planted)) {
    for (const [path, line] of plants) {
      const rest = [...house, ...beside].filter((other) => other.path !== path)
      const changed = [...house, ...beside].find((other) => other.path === path)?.source ?? ''
      const rules = check([...rest, { path, source: `${line}\n${changed}` }])
        .map((violation) => violation.rule)
        // A wrong way in may close a loop besides.
        .filter((found) => found === rule || !found.endsWith('cycles'))
      t.same([...new Set(rules)], [rule], `${path}: ${line.slice(0, 80)}`)
    }
  }
})

void t.test('a cycle names its members', async (t) => {
  const violations = check([
    module('domain/a/one.ts', `import '../b/two.ts'`),
    module('domain/b/two.ts', `import '../c/three.ts'`),
    module('domain/c/three.ts', `import '../a/one.ts'`),
  ])
  t.same(
    violations.map(({ detail }) => detail),
    ['domain/a/one.ts ↔ domain/b/two.ts ↔ domain/c/three.ts', 'domain/a ↔ domain/b ↔ domain/c'],
  )
})

function module(path: string, ...lines: string[]): Module {
  return { path, source: lines.join('\n') }
}
