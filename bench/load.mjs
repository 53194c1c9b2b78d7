import { openWire } from './wire.mjs'

/** However fast the answers come, a slice ends here. */
const MAX_OPERATIONS = 500_000

/** One prepared operation for each lane of a flow; what a lane knows lasts over all slices. */
export async function prepareLanes(flow, origin, count) {
  const wire = await openWire(origin)
  const operations = []
  for (let lane = 0; lane < count; lane += 1) operations.push(await flow.prepare(wire, lane))
  wire.close()
  return operations
}

/** Runs the operations in a closed loop, one connection each, until `ms` have passed or `stop` says so. */
export async function runLanes(operations, origin, ms, stop = () => false) {
  const wires = await Promise.all(operations.map(() => openWire(origin)))
  const latenciesMs = []
  const start = performance.now()
  const deadline = start + ms
  await Promise.all(
    operations.map(async (operation, lane) => {
      for (;;) {
        const before = performance.now()
        if (before >= deadline || latenciesMs.length >= MAX_OPERATIONS || stop()) return
        await operation(wires[lane])
        latenciesMs.push(performance.now() - before)
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  for (const wire of wires) wire.close()
  return { seconds, latenciesMs, operations: latenciesMs.length }
}

/** The value below which a share of the sorted values lies. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

export function median(values) {
  return quantile(values, 0.5)
}
