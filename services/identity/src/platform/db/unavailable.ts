/** Connection refused, reset, unknown host, and the like. */
const NETWORK = /^(?:ECONN|EHOST|ENET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)/
/** SQLSTATE classes: connection exception, insufficient resources, operator intervention. */
const SQLSTATE = /^(?:08...|53...|57(?:P..|014))$/
/** What the driver says without a code of its own. */
const DRIVER =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/

/** Whether an error says that the database cannot be had just now, rather than that a statement was wrong. */
export function isUnavailable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : ''
    // FATAL ends the session, whatever the reason: a server that starts, stops or refuses connections.
    if ('severity' in at && at.severity === 'FATAL') return true
    if (NETWORK.test(code) || SQLSTATE.test(code) || DRIVER.test(at.message)) return true
    // Several addresses were tried: one Error holds them all.
    if (at instanceof AggregateError && at.errors.some((each) => isUnavailable(each))) return true
  }
  return false
}
