import { parseArgs } from 'node:util'

export const USAGE = `usage: npm run bench -- [options]
  --flows F1,F3,…     only these (default: all)
  --seconds <n>       load per flow, over all rounds (default 4)
  --lanes <n>         requests in flight (default 16)
  --against <folder>  another built checkout, measured in the same rounds: ratios instead of absolute figures
  --json              one JSON document on stdout instead of tables

DATABASE_URL names a PostgreSQL server to use, in a database of the run's own, dropped at the end.
Without it a server is started that does not wait for the disk, which flatters everything that writes.`

/** Services take turns this often within a flow. */
const ROUNDS = 5

/** What the command line asks for. Throws an Error with the usage when it cannot be followed. */
export function readOptions(words, flowIds) {
  const { values } = parse(words)
  const number = (name, value, max) => {
    const read = Number(value)
    if (!(read > 0 && read <= max))
      throw new Error(`--${name} must be a number above 0, ${max} at most\n${USAGE}`)
    return read
  }
  const wanted = values.flows === undefined ? flowIds : values.flows.toUpperCase().split(',')
  const unknown = wanted.filter((id) => !flowIds.includes(id))
  if (unknown.length > 0)
    throw new Error(`no flow ${unknown.join()}: there are ${flowIds.join()}\n${USAGE}`)
  return {
    help: values.help,
    json: values.json,
    against: values.against,
    flows: wanted,
    rounds: ROUNDS,
    sliceMs: (number('seconds', values.seconds, 60) * 1000) / ROUNDS,
    lanes: Math.ceil(number('lanes', values.lanes, 256)),
  }
}

function parse(words) {
  try {
    return parseArgs({
      args: words,
      options: {
        flows: { type: 'string' },
        seconds: { type: 'string', default: '4' },
        lanes: { type: 'string', default: '16' },
        against: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Error(`${error.message}\n${USAGE}`, { cause: error })
  }
}
