import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The path of a Chromium on this machine: CHROMIUM_PATH, or the first one on the PATH. */
function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return process.env['CHROMIUM_PATH'] ?? candidates.find(executable)
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Starts one headless Chromium. Gives undefined where there is none, so that a test may skip aloud;
 * throws instead where CI=true, so that nothing looks green that was not run.
 */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    if (process.env['CI'] === 'true') throw new Error('no Chromium: set CHROMIUM_PATH')
    return undefined
  }
  // Containers give tests no user namespaces and little shared memory.
  const args = ['--no-sandbox', '--disable-dev-shm-usage']
  return await chromium.launch({ executablePath, args })
}
