import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'

// sysexits.h EX_CONFIG: a service manager need not try again.
const EXIT_CONFIG = 78
const STOP_WITHIN_MS = 10_000

const result = readConfig(process.env)
if (!result.ok) {
  console.error('demo-api cannot start with this environment:')
  for (const fault of result.faults) console.error(`  ${fault}`)
  process.exit(EXIT_CONFIG)
}
const { config } = result

let stopping = false
const app = await buildApp(config, { isStopping: () => stopping })

const grace = closeWithGrace({ delay: STOP_WITHIN_MS }, async ({ err }) => {
  stopping = true
  if (err !== undefined) app.log.fatal({ err }, 'stopping after an error')
  // Waits for the requests that are under way.
  await app.close()
})
// Started by another process over IPC: when that one is gone, nobody needs this one.
if (process.send !== undefined) process.on('disconnect', () => grace.close())

try {
  await app.listen({ host: config.host, port: config.port })
} catch (error) {
  app.log.fatal({ err: error }, `cannot listen on ${config.host}:${config.port}`)
  process.exit(1)
}
