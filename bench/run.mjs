// `npm run bench`: drives the built service over the loopback and reports what each operation costs.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FLOWS } from './flows.mjs'
import { WORK } from './limits.mjs'
import { median } from './load.mjs'
import { measureFlood, measureFlow } from './measure.mjs'
import { USAGE, readOptions } from './options.mjs'
import { compare, summarise, summariseFlood, tables } from './report.mjs'
import { startService } from './service.mjs'

const FLOOD = 'FLOOD'
const FLOOD_LANES = 4

const root = fileURLToPath(new URL('..', import.meta.url))

async function main() {
  const options = readOptions(process.argv.slice(2), [...FLOWS.map(({ id }) => id), FLOOD])
  if (options.help) return console.log(USAGE)
  const checkouts = options.against === undefined ? [root] : [root, resolve(options.against)]
  const labels = ['this', 'other']
  const services = []
  const stopAll = async () => {
    for (const service of services.splice(0)) await service.stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void stopAll().finally(() => process.exit(130)))
  try {
    for (const checkout of checkouts) services.push(await startService(checkout))
    const idleMb = services.map((service) => service.residentMb())

    const measured = []
    for (const flow of FLOWS.filter(({ id }) => options.flows.includes(id)))
      measured.push(await measureFlow(flow, services, options))
    const floods = options.flows.includes(FLOOD) ? await floodAll(services, labels, options) : []

    const report = {
      node: process.version,
      lanes: options.lanes,
      postgres: services[0].database,
      statementsCountedBy: services[0].statements.how,
      services: services.map((service, index) => ({
        label: labels[index],
        command: service.command,
        readyAfterMs: service.readyAfterMs,
        idleMb: idleMb[index],
        afterMb: service.residentMb(),
      })),
      limits: medianLimits(measured),
      flows: measured.map((measurement) => {
        const summaries = measurement.results.map((result) => summarise(measurement, result))
        return summaries.length === 1
          ? summaries[0]
          : { ...summaries[0], other: summaries[1], ratio: compare(summaries) }
      }),
      floods,
    }
    print(report, options)
  } finally {
    await stopAll()
  }
}

async function floodAll(services, labels, options) {
  const flows = ['F1', 'F8'].map((id) => FLOWS.find((flow) => flow.id === id))
  const floods = []
  for (const lanes of new Set([FLOOD_LANES, options.lanes]))
    for (const [index, result] of (
      await measureFlood(flows, services, { ...options, lanes })
    ).entries())
      floods.push({ label: labels[index], ...summariseFlood(result) })
  return floods
}

function medianLimits(measured) {
  const of = (kind) => {
    const all = measured.filter(({ work }) => work === kind).flatMap(({ limits }) => limits)
    return all.length === 0 ? undefined : median(all)
  }
  return Object.fromEntries(WORK.map((kind) => [kind, of(kind)]))
}

function print(report, { json }) {
  if (json) return console.log(JSON.stringify(report, null, 2))
  const { node, lanes, postgres, statementsCountedBy } = report
  console.log(
    `Node ${node}, ${lanes} lanes; PostgreSQL ${postgres.version}, fsync ${postgres.fsync}, ` +
      `synchronous_commit ${postgres.synchronous_commit}; statements counted by ${statementsCountedBy}`,
  )
  console.log(tables(report))
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
