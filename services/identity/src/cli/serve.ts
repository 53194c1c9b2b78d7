import closeWithGrace from 'close-with-grace'
import { readConfig } from '../config.ts'
import { startService } from '../service.ts'

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIGURATION = 78

const STOP_WITHIN_MS = 15_000

/** Runs the service until it is told to stop. Throws ConfigurationError. */
export async function serve(): Promise<void> {
  const config = readConfig()
  if ('faults' in config) return refuse(config.faults)
  const service = await startService(config)
  const { log } = service
  for (const name of config.withoutEffect)
    log.warn(`${name} is set but has no effect in this version`)
  // A reader of our log that is gone must not keep us from stopping.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const stopper = closeWithGrace({ delay: STOP_WITHIN_MS, logger: false }, async ({ err }) => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    if (err !== undefined) log.fatal({ err }, 'stopping after an error')
    else log.info('stopping')
    await service.close()
    log.info('stopped')
  })
  // Started by another process of ours: when that one is gone, so are we.
  const stop = () => {
    stopper.close()
  }
  if (process.send !== undefined) process.once('disconnect', stop)

  try {
    await service.listen()
  } catch (error) {
    // Most often the port is taken.
    console.error(`Signet cannot listen: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
    stopper.uninstall()
    // Whoever waits for the other process to go never ends by itself.
    process.off('disconnect', stop)
    return service.close()
  }
  log.info(`ready at ${config.issuer}`)
  if (service.setupLink !== undefined)
    log.warn(`first start: make an administrator within an hour at ${service.setupLink}`)
  process.send?.({ kind: 'ready', setupLink: service.setupLink })
}

/** Says every fault at once, in words, and ends with exit code 78. */
export function refuse(faults: readonly string[]): void {
  console.error('Signet cannot start with this configuration:')
  for (const fault of faults) console.error(`  - ${fault}`)
  process.exitCode = EXIT_CONFIGURATION
}
