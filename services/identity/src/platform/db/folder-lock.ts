// The embedded server takes no lock: two processes on one folder both succeed, and lose rows of
// either in silence. Node has no file lock that the kernel would free, hence a file that says who
// holds the folder, and a heartbeat for holders that cannot be looked up.
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const BEAT_MS = 3_000
const SILENT_AFTER_MS = 15_000
const SETTLE_MS = 250

export interface LockTimes {
  readonly beatMs: number
  /** How long a holder that cannot be looked up may keep still before it counts as dead. */
  readonly silentAfterMs: number
}

interface Holder {
  readonly pid: number
  /** A pid means something only where it was given: a container has its own, and its own host name. */
  readonly host: string
  /** When the process was started, where that can be read: pids are used again. */
  readonly startedAt: string | undefined
  readonly id: string
}

/**
 * Claims the folder for this process until the returned function is called or the process ends.
 * Throws an Error that names the holder when another process has it.
 */
export async function holdFolder(
  folder: string,
  onError: (error: Error) => void,
  times: LockTimes = { beatMs: BEAT_MS, silentAfterMs: SILENT_AFTER_MS },
): Promise<() => Promise<void>> {
  const path = join(folder, 'lock')
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    startedAt: startOf(process.pid),
    id: randomUUID(),
  }
  await claim(path, own, folder, times.silentAfterMs)

  const heart = setInterval(() => {
    try {
      if (read(path)?.id !== own.id)
        throw new Error(`the lock of ${folder} was taken by another process`)
      const now = new Date()
      utimesSync(path, now, now)
    } catch (error) {
      clearInterval(heart)
      onError(error instanceof Error ? error : new Error(String(error)))
    }
  }, times.beatMs)
  heart.unref()

  return async () => {
    clearInterval(heart)
    if (read(path)?.id === own.id) await rm(path, { force: true })
  }
}

async function claim(
  path: string,
  own: Holder,
  folder: string,
  silentAfterMs: number,
): Promise<void> {
  const content = JSON.stringify(own)
  for (;;) {
    try {
      // O_EXCL: of two processes that find no lock one makes it.
      writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = read(path)
    if (await isAlive(path, holder, silentAfterMs)) {
      throw new Error(
        `the database in ${folder} is in use by process ${holder?.pid ?? 'unknown'}` +
          `${holder === undefined || holder.host === own.host ? '' : ` on ${holder.host}`}; ` +
          'the embedded database serves one process: stop that one first, or use PostgreSQL',
      )
    }
    // The lock of a dead process. Of those that take it over, the last to rename has it.
    if (read(path)?.id !== holder?.id) continue
    const candidate = `${path}-${own.id}`
    writeFileSync(candidate, content, { flag: 'wx', mode: 0o600 })
    renameSync(candidate, path)
    await sleep(SETTLE_MS)
    if (read(path)?.id === own.id) return
  }
}

async function isAlive(
  path: string,
  holder: Holder | undefined,
  silentAfterMs: number,
): Promise<boolean> {
  if (holder !== undefined && holder.host === hostname()) {
    if (!runs(holder.pid)) return false
    const started = startOf(holder.pid)
    return started === undefined || holder.startedAt === undefined || started === holder.startedAt
  }
  // Another container or machine: a holder that lives touches the file.
  const deadline = Date.now() + silentAfterMs
  const before = touchedAt(path)
  while (Date.now() < deadline) {
    if (touchedAt(path) !== before) return true
    await sleep(100)
  }
  return false
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Clock ticks since boot at which the process began, with the boot's own id; Linux only. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // Field 22, counted after the command name, which may itself hold spaces and parentheses.
    return `${boot} ${text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  } catch {
    return undefined
  }
}

/** The holder, or undefined when the file is gone or half-written. */
function read(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isHolder(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isInteger(value.pid) &&
    'host' in value &&
    typeof value.host === 'string' &&
    'id' in value &&
    typeof value.id === 'string'
  )
}

function touchedAt(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}
