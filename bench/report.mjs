import { median, quantile } from './load.mjs'

/** The figures of one flow on one service. */
export function summarise({ flow, work, limits }, { slices, statements }) {
  const rates = slices.map(rateOf)
  const latencies = slices.flatMap(({ latenciesMs }) => latenciesMs)
  const operations = latencies.length
  const cpu = slices.map(({ cpuMs }) => cpuMs)
  return {
    flow: flow.id,
    name: flow.name,
    operations,
    perSecond: median(rates),
    rates,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMsPerOperation: cpu.includes(undefined) ? undefined : total(cpu) / operations,
    statementsPerOperation: statements / operations,
    // Its rate by the machine's for its signatures, verification or hash with nothing around them.
    shareOfLimit: work === undefined ? undefined : (median(rates) * flow[work]) / median(limits),
  }
}

/** Rates round by round, as the ratio of the first service to the second. */
export function compare([ours, theirs]) {
  const ratios = ours.rates.map((rate, round) => rate / theirs.rates[round])
  return {
    rate: spread(ratios),
    cpu: ours.cpuMsPerOperation / theirs.cpuMsPerOperation,
  }
}

export function summariseFlood({ lanes, slices }) {
  return {
    lanes,
    quietPerSecond: median(slices.map(({ quiet }) => rateOf(quiet))),
    besidePerSecond: median(slices.map(({ beside }) => rateOf(beside))),
    ratio: spread(slices.map(({ quiet, beside }) => rateOf(beside) / rateOf(quiet))),
    p99QuietMs: quantile(
      slices.flatMap(({ quiet }) => quiet.latenciesMs),
      0.99,
    ),
    p99BesideMs: quantile(
      slices.flatMap(({ beside }) => beside.latenciesMs),
      0.99,
    ),
    signInsPerSecond: median(slices.map(({ signInsPerSecond }) => signInsPerSecond)),
  }
}

function rateOf({ operations, seconds }) {
  return operations / seconds
}

function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

function total(values) {
  return values.reduce((sum, value) => sum + value, 0)
}

/** The tables for people. */
export function tables({ flows, floods, services, limits }) {
  const lines = []
  for (const { label, command, idleMb, afterMb, readyAfterMs } of services)
    lines.push(
      `${label}: ${command}, ready after ${digits(readyAfterMs, 0)} ms, ` +
        `resident ${digits(idleMb, 0)} MB idle, ${digits(afterMb, 0)} MB after load`,
    )
  lines.push(
    `machine: ${digits(limits.signatures, 0)} RSA-2048 signatures, ${digits(limits.verifications, 0)} verifications, ` +
      `${digits(limits.hashes, 0)} argon2id hashes per second`,
    '',
  )
  if (flows.length > 0) lines.push(table(flowColumns(services.length > 1), flows), '')
  if (floods.length > 0) lines.push(table(FLOOD_COLUMNS, floods), '')
  return lines.join('\n')
}

function flowColumns(compared) {
  const columns = [
    ['flow', ({ flow, name }) => `${flow} ${name}`],
    ['per second', ({ perSecond }) => digits(perSecond, 0)],
    ['p50 ms', ({ p50Ms }) => digits(p50Ms, 2)],
    ['p99 ms', ({ p99Ms }) => digits(p99Ms, 2)],
    ['CPU ms/op', ({ cpuMsPerOperation }) => digits(cpuMsPerOperation, 3)],
    ['SQL/op', ({ statementsPerOperation }) => digits(statementsPerOperation, 2)],
    ['of limit', ({ shareOfLimit: share }) => digits(share, 2)],
  ]
  if (!compared) return columns
  return [
    ...columns,
    ['rate / other', ({ ratio }) => spreadText(ratio.rate)],
    ['CPU / other', ({ ratio }) => digits(ratio.cpu, 2)],
  ]
}

const FLOOD_COLUMNS = [
  ['F1 beside 32 waiting sign-ins', ({ label, lanes }) => `${label}, ${lanes} lanes`],
  ['quiet/s', ({ quietPerSecond }) => digits(quietPerSecond, 0)],
  ['beside/s', ({ besidePerSecond }) => digits(besidePerSecond, 0)],
  ['ratio', ({ ratio }) => spreadText(ratio)],
  ['p99 quiet ms', ({ p99QuietMs }) => digits(p99QuietMs, 1)],
  ['p99 beside ms', ({ p99BesideMs }) => digits(p99BesideMs, 1)],
  ['sign-ins/s', ({ signInsPerSecond }) => digits(signInsPerSecond, 1)],
]

function table(columns, rows) {
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, of]) => of(row))),
  ]
  const widths = columns.map((_column, index) =>
    Math.max(...cells.map((line) => line[index].length)),
  )
  return cells
    .map((line) =>
      line
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index])))
        .join('  '),
    )
    .join('\n')
}

function spreadText({ median: middle, min, max }) {
  return `${digits(middle, 2)} [${digits(min, 2)}-${digits(max, 2)}]`
}

function digits(value, places) {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(places)
}
