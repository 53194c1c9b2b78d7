import { listenPort } from '../config.ts'
import { type Command, print } from './command.ts'

const TIME_LIMIT_MS = 3000

/** For containers: asks the service on this machine whether it is ready; exit code 1 when it is not. */
export const healthcheck: Command = {
  usage: 'healthcheck',
  about: 'ask the running service whether it is ready',
  async run(invocation) {
    const answer = await fetch(`http://localhost:${listenPort()}/health/ready`, {
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    }).catch(() => undefined)
    const ready = answer?.ok === true
    print(invocation, { ready }, [ready ? 'ready' : 'not ready'])
    if (!ready) process.exitCode = 1
  },
}
