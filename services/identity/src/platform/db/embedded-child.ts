import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./embedded-initialise.js', import.meta.url))

/** Makes a new database in a child process: a folder to open, or one file to load. */
export async function initialise(kind: 'folder' | 'snapshot', target: string): Promise<void> {
  await run(process.execPath, [script, kind, target])
}
