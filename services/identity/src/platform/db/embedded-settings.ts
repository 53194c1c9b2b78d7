import { setFlagsFromString } from 'node:v8'

import { PGlite } from '@electric-sql/pglite'

/** Start parameters replace the defaults, so those come first. */
export const startParams: string[] = [
  ...PGlite.defaultStartParams,
  // The default of 128 MB is memory of this process: 4 MB halves what it occupies at rest.
  '-c',
  'shared_buffers=4MB',
  // The log kept for reuse after a checkpoint: the default of up to 1 GB is for servers.
  '-c',
  'min_wal_size=32MB',
  '-c',
  'max_wal_size=64MB',
]

/**
 * Keeps the engine from compiling the server a second time, with its optimizing compiler: that
 * costs some 60 MB, and short statements are answered as fast without. Call it before opening.
 */
export function compileOnce(): void {
  // All three: the first implies the others only when it is given as the process starts.
  for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) {
    setFlagsFromString(flag)
  }
}
