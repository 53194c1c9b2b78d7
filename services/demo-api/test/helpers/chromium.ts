import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

/**
 * Starts a headless Chromium: CHROMIUM_PATH, or the first one on the PATH. Undefined where there is none;
 * throws instead where CI=true, so that nothing looks green that was not run.
 */
export async function launchChromium(): Promise<Browser | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const executablePath =
    process.env['CHROMIUM_PATH'] ??
    ['chromium', 'chromium-browser', 'google-chrome']
      .flatMap((name) => folders.map((folder) => join(folder, name)))
      .find(isExecutable)
  if (executablePath === undefined) {
    if (process.env['CI'] === 'true') throw new Error('no Chromium: set CHROMIUM_PATH')
    return undefined
  }
  // Containers give tests no user namespaces and little shared memory.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
