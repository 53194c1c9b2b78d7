import { cyclesOf } from './cycles.ts'
import { importsOf, type Module, withoutComments } from './imports.ts'

export interface Violation {
  readonly rule: string
  readonly path: string
  readonly detail: string
}

/** From left to right: a module imports its own tier and those after it. */
const TIERS = ['root', 'slices', 'http', 'domain', 'platform'] as const
const ROOT_FOLDERS = new Set(['cli', 'config', 'app'])
const SLICE_FOLDERS = new Set(['protocol', 'interaction', 'account', 'admin'])
const MAX_LINES = 400
const DRAWERS = /^(utils?|helpers?|common|managers?|index|misc)$|-(utils?|helpers?|manager)$/

type Tier = (typeof TIERS)[number]

/** Checks the dependency rule of ARCHITECTURE.md over all modules of `src`. */
export function check(modules: readonly Module[]): readonly Violation[] {
  // What lies beside the code as its test may use whatever it needs; nothing may use it.
  const production = modules.filter(({ path }) => !isTest(path))
  return [
    ...production.flatMap((module) => checkModule(module)),
    ...modules.flatMap(({ path }) => checkNames(path)),
    ...checkCycles(production),
  ]
}

function checkModule(module: Module): Violation[] {
  const { path, source } = module
  const violations: Violation[] = []
  const report = (rule: string, detail: string) => violations.push({ rule, path, detail })
  const tier = tierOf(path)
  if (tier === undefined) report('known-folders', 'belongs to no tier')

  for (const target of importsOf(module)) {
    if (isModule(target)) checkTarget(path, target, report)
    else checkPackage(path, tier, target, report)
  }
  if (
    /\bprocess\s*(\.|\[['"])env\b|\bfrom\s*['"](node:)?process['"]/.test(withoutComments(source))
  ) {
    if (!isConfig(path)) report('environment-in-config', 'reads the environment')
  }
  const lines = source.trimEnd().split('\n').length
  if (lines > MAX_LINES) report('file-size', `${lines} lines`)
  return violations
}

type Report = (rule: string, detail: string) => void

function checkTarget(path: string, target: string, report: Report): void {
  const from = tierOf(path)
  const to = tierOf(target)
  if (target.startsWith('../') || isTest(target)) report('no-tests-in-production', target)
  if (from === undefined || to === undefined) return
  if (to === 'root' && from !== 'root') report('nobody-imports-the-root', target)
  else if (TIERS.indexOf(to) < TIERS.indexOf(from)) report('imports-go-right', target)
  else if (from === 'slices' && to === 'slices' && nounOf(path) !== nounOf(target)) {
    report('slices-know-no-other-slice', target)
  }
}

function checkPackage(path: string, tier: Tier | undefined, name: string, report: Report): void {
  const low = tier === 'domain' || tier === 'platform'
  if (low && /^@?fastify(\/|-|$)/.test(name)) report('fastify-above-domain', name)
  if (low && /^preact(\/|-|$)/.test(name)) report('html-above-domain', name)
  const inDb = path.startsWith('platform/db/')
  if (/^drizzle-orm(\/|$)/.test(name) && !inDb && !/\/(store|schema)\.ts$/.test(path)) {
    report('sql-in-stores', name)
  }
  if (/^(pg|@electric-sql\/pglite)(\/|$)/.test(name) && !inDb) report('drivers-in-db', name)
}

function checkNames(path: string): Violation[] {
  return path
    .split('/')
    .map((part) => part.replace(/\..*$/, ''))
    .filter((part) => DRAWERS.test(part))
    .map((part) => ({ rule: 'no-drawers', path, detail: part }))
}

function checkCycles(modules: readonly Module[]): Violation[] {
  const files = new Map<string, Set<string>>()
  const nouns = new Map<string, Set<string>>()
  for (const module of modules) {
    const targets = importsOf(module).filter(isModule)
    files.set(module.path, new Set(targets))
    const noun = nouns.get(nounOf(module.path)) ?? new Set()
    for (const target of targets)
      if (nounOf(target) !== nounOf(module.path)) noun.add(nounOf(target))
    nouns.set(nounOf(module.path), noun)
  }
  const named = (rule: string, cycles: readonly string[][]) =>
    cycles.map((cycle) => ({ rule, path: cycle[0] ?? '', detail: cycle.join(' ↔ ') }))
  return [...named('no-cycles', cyclesOf(files)), ...named('no-folder-cycles', cyclesOf(nouns))]
}

function tierOf(path: string): Tier | undefined {
  const [folder, rest] = path.split('/')
  if (folder === undefined || folder === '..') return undefined
  if (rest === undefined || ROOT_FOLDERS.has(folder)) return 'root'
  if (SLICE_FOLDERS.has(folder)) return 'slices'
  return TIERS.find((tier) => tier === folder)
}

/** The second-level folder (`domain/users`, `protocol/token`); a file that is in none stands for itself. */
function nounOf(path: string): string {
  return tierOf(path) === 'root' ? path : path.split('/').slice(0, 2).join('/')
}

function isModule(target: string): boolean {
  return /\.tsx?$/.test(target)
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('../test/')
}

function isConfig(path: string): boolean {
  return path === 'config.ts' || path.startsWith('config/')
}
