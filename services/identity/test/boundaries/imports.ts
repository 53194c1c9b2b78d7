import { posix } from 'node:path'

export interface Module {
  /** Relative to `src`, with forward slashes. */
  readonly path: string
  readonly source: string
}

const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** The source with every comment taken out, strings kept. */
export function withoutComments(source: string): string {
  return source.replace(COMMENT_OR_STRING, (found) => (found.startsWith('/') ? '' : found))
}

const FROM = /^\s*(?:import|export)\s+(?:type\s+)?[\w*{][^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm
const BARE = /^\s*import\s*['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g

/** What a module imports: paths relative to `src` for its own kind, package names for the rest. */
export function importsOf({ path, source }: Module): readonly string[] {
  const text = withoutComments(source)
  const specifiers = [FROM, BARE, DYNAMIC].flatMap((form) =>
    [...text.matchAll(form)].map((match) => match[1] ?? ''),
  )
  return [...new Set(specifiers)].map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  )
}
