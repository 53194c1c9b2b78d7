// Installs the dependencies when they differ from the lock file; does nothing, without network, when they do not.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function read(path) {
  try {
    return readFileSync(`${root}/${path}`, 'utf8')
  } catch {
    return undefined
  }
}

function run(command, args) {
  // Everything goes to stderr: the commands that call this own stdout.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    // CI=true: pnpm must not ask on a terminal before it replaces a foreign node_modules.
    // No npm_config_package: under an outer `npx -p` it would be that package's, not ours.
    env: { ...process.env, CI: 'true', npm_config_package: '', npm_config_call: '' },
  })
  if (error !== undefined) console.error(`${command}: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

// pnpm keeps a copy of the lock file it installed from, byte for byte.
const wanted = read('pnpm-lock.yaml')
if (wanted === undefined || wanted !== read('node_modules/.pnpm/lock.yaml')) {
  const pnpm = ['exec', '--yes', '--package=pnpm@12.21.0', '--', 'pnpm']
  run('npm', [...pnpm, 'install', '--frozen-lockfile'])
  // A changed tap plugin list takes effect only after this.
  run(`${root}/node_modules/.bin/tap`, ['build'])
}
