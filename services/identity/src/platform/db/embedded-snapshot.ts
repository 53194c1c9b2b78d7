import { openAsBlob } from 'node:fs'
import { link, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { initialise } from './embedded-child.ts'

// Inside the installation and nowhere else: in a folder that others can write to, such as /tmp,
// somebody else could have put a database of their own making.
const cacheFolder = fileURLToPath(
  new URL('../../../../node_modules/.cache/signet', import.meta.url),
)

/** A new, empty database as one file; made once per version of the embedded server (seconds), then read. */
export async function emptySnapshot(): Promise<Blob> {
  const cached = join(cacheFolder, `empty-${await serverVersion()}.tar`)
  try {
    return await openAsBlob(cached)
  } catch {
    return await makeSnapshot(cached)
  }
}

async function makeSnapshot(cached: string): Promise<Blob> {
  const folder = await workFolder()
  try {
    const made = join(folder, 'snapshot.tar')
    await initialise('snapshot', made)
    if (folder.startsWith(cacheFolder)) {
      await keepFirst(made, cached)
      return await openAsBlob(cached)
    }
    return new Blob([await readFile(made)])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Gives a finished file its name in the cache, for others to see all of it or nothing. The first one stays: a process
 * that has it open reads it later, and cannot once the file is another one.
 */
export async function keepFirst(made: string, cached: string): Promise<void> {
  try {
    await link(made, cached)
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    // Not every file system has links.
    if (!isThere) await rename(made, cached)
  }
}

/** In the cache where it can be written, else (an installation that is read-only) a temporary one. */
async function workFolder(): Promise<string> {
  try {
    await mkdir(cacheFolder, { recursive: true })
    return await mkdtemp(join(cacheFolder, 'making-'))
  } catch {
    return mkdtemp(join(tmpdir(), 'signet-'))
  }
}

/** The version of the embedded server, which its files belong to. */
export async function serverVersion(): Promise<string> {
  const url = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  const { version } = JSON.parse(await readFile(url, 'utf8')) as { version: string }
  return version
}
