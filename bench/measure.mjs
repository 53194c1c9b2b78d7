import { setTimeout as wait } from 'node:timers/promises'
import { WORK, measureLimit } from './limits.mjs'
import { prepareLanes, runLanes } from './load.mjs'

const WARM_UP_MS = 300
const LIMIT_MS = 200
const WAITING_SIGN_INS = 32
/** Until the sign-ins have filled the queue. */
const FLOOD_BUILDS_UP_MS = 400

/**
 * One flow on each service, in slices that take turns, so that whatever else the machine does hits all alike.
 * Returns the slices of each service, and what the machine can do of the flow's own work, measured between them.
 */
export async function measureFlow(flow, services, { lanes, rounds, sliceMs }) {
  const subjects = []
  for (const service of services) {
    const operations = await prepareLanes(flow, service.origin, lanes)
    await runLanes(operations, service.origin, WARM_UP_MS)
    subjects.push({ service, operations, slices: [], statements: 0 })
  }
  const work = WORK.find((kind) => flow[kind] !== undefined)
  const limits = []
  for (let round = 0; round < rounds; round += 1) {
    if (work !== undefined) limits.push(await measureLimit(work, LIMIT_MS))
    for (const subject of inTurn(subjects, round)) {
      const { service, operations } = subject
      const [cpuBefore, statementsBefore] = [service.cpuMs(), await service.statements.read()]
      const slice = await runLanes(operations, service.origin, sliceMs)
      const cpuMs = cpuBefore === undefined ? undefined : service.cpuMs() - cpuBefore
      subject.slices.push({ ...slice, cpuMs })
      subject.statements += (await service.statements.read()) - statementsBefore
    }
  }
  return {
    flow,
    work,
    limits,
    results: subjects.map(({ slices, statements }) => ({ slices, statements })),
  }
}

/** Tokens issued alone, and beside sign-ins that keep the hashing queue full, in turns. One result a service. */
export async function measureFlood([tokens, signIns], services, { lanes, rounds, sliceMs }) {
  const subjects = []
  for (const { origin } of services) {
    const issuing = await prepareLanes(tokens, origin, lanes)
    const waiting = await prepareLanes(signIns, origin, WAITING_SIGN_INS)
    await runLanes(issuing, origin, WARM_UP_MS)
    subjects.push({ origin, issuing, waiting, slices: [] })
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { origin, issuing, waiting, slices } of inTurn(subjects, round)) {
      const quiet = await runLanes(issuing, origin, sliceMs)
      const { beside, signInsPerSecond } = await flooded({ origin, issuing, waiting, sliceMs })
      slices.push({ quiet, beside, signInsPerSecond })
    }
  return subjects.map(({ slices }) => ({ lanes, slices }))
}

async function flooded({ origin, issuing, waiting, sliceMs }) {
  let over = false
  const flood = runLanes(waiting, origin, Number.POSITIVE_INFINITY, () => over)
  // The flood ends before it is told to by an error only, which is then the run's.
  await Promise.race([wait(FLOOD_BUILDS_UP_MS), flood])
  const beside = await runLanes(issuing, origin, sliceMs)
  over = true
  const { seconds, operations } = await flood
  return { beside, signInsPerSecond: operations / seconds }
}

function inTurn(subjects, round) {
  const first = round % subjects.length
  return [...subjects.slice(first), ...subjects.slice(0, first)]
}
