// Run as a process of its own: making a database folder costs some 800 MB, which a process keeps
// until it ends. Opening a folder that exists costs a fifth of that.
import { writeFile } from 'node:fs/promises'

import { PGlite } from '@electric-sql/pglite'

const [kind, target] = process.argv.slice(2)

if (target === undefined) throw new Error('usage: embedded-initialise folder|snapshot <path>')

// The files are made readable by all (0666) unless told otherwise.
process.umask(0o077)

if (kind === 'snapshot') {
  const client = new PGlite()
  await client.waitReady
  const dump = await client.dumpDataDir('none')
  await writeFile(target, Buffer.from(await dump.arrayBuffer()), { flag: 'wx' })
  await client.close()
} else {
  const client = new PGlite({ dataDir: target })
  await client.waitReady
  await client.close()
}
