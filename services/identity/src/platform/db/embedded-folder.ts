import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { initialise } from './embedded-child.ts'
import { holdFolder } from './folder-lock.ts'

export interface OpenFolder {
  readonly dataFolder: string
  /** Lets others have the folder; call it once the database is closed. */
  readonly release: () => Promise<void>
}

/**
 * Makes the folder ours alone and puts a database into it when there is none.
 * Throws when another process holds it, or when it is full of something else.
 */
export async function openFolder(
  folder: string,
  onError: (error: Error) => void,
): Promise<OpenFolder> {
  await mkdir(folder, { recursive: true })
  await refuseForeign(folder)
  // The files inside are made readable and writable by all (0666): only the folder protects them.
  await chmod(folder, 0o700)
  const release = await holdFolder(folder, onError)
  try {
    const dataFolder = join(folder, 'database')
    if (!(await exists(dataFolder))) await makeDatabase(folder, dataFolder)
    return { dataFolder, release }
  } catch (error) {
    await release()
    throw error
  }
}

/** A mistyped folder, such as /tmp, must not be closed to everybody else. */
async function refuseForeign(folder: string): Promise<void> {
  const names = await readdir(folder)
  const ours = names.some((name) => /^(database|lock)$|^making-/.test(name))
  if (names.length > 0 && !ours) {
    throw new Error(`${folder} holds something else: name a new folder for the database`)
  }
}

/** Under another name first, so that a killed start never leaves half a database to open. */
async function makeDatabase(folder: string, dataFolder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('making-')) await rm(join(folder, name), { recursive: true, force: true })
  }
  const making = join(folder, `making-${process.pid}-${Date.now()}`)
  await initialise('folder', making)
  await rename(making, dataFolder)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
