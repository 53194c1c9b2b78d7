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
