import type pg from 'pg'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000
// A connection that a firewall dropped in silence shows only when something is sent.
const HEARTBEAT_MS = 30_000
const HEARTBEAT_LIMIT_MS = 10_000

type Heard = (payload: string) => void

export interface Listener {
  listen(channel: string, heard: Heard): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** One connection for all channels, made at the first `listen` and made again whenever it is lost. */
export function createListener(
  newClient: () => pg.Client,
  onError: (error: Error) => void,
): Listener {
  const channels = new Map<string, Set<Heard>>()
  let client: pg.Client | undefined
  let connecting: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  /** A listener that throws must not end the process, nor keep the others from hearing. */
  function tell(listeners: ReadonlySet<Heard> | undefined, payload: string): void {
    for (const heard of listeners ?? []) {
      try {
        heard(payload)
      } catch (error) {
        onError(asError(error))
      }
    }
  }

  async function connect(): Promise<void> {
    const next = newClient()
    next.on('error', onError)
    next.on('notification', ({ channel, payload }) => {
      tell(channels.get(channel), payload ?? '')
    })
    try {
      await next.connect()
      for (const channel of channels.keys()) await next.query(`listen ${channel}`)
    } catch (error) {
      void next.end().catch(onError)
      throw error
    }
    if (closed) {
      await next.end()
      return
    }
    client = next
    next.once('end', () => {
      if (client !== next) return
      client = undefined
      clearTimeout(timer)
      if (!closed) void reconnect(FIRST_RETRY_MS)
    })
    beat(next)
  }

  /** The first connection; when it is lost and being made again, there is nothing to wait for. */
  async function connectOnce(): Promise<void> {
    connecting ??= connect()
    try {
      await connecting
    } catch (error) {
      connecting = undefined
      throw error
    }
  }

  async function reconnect(delayMs: number): Promise<void> {
    await new Promise((resolve) => {
      timer = setTimeout(resolve, delayMs)
    })
    if (closed) return
    try {
      await connect()
    } catch (error) {
      onError(asError(error))
      void reconnect(Math.min(delayMs * 2, LAST_RETRY_MS))
      return
    }
    for (const listeners of channels.values()) tell(listeners, '')
  }

  function beat(current: pg.Client): void {
    timer = setTimeout(() => {
      const query = { text: 'select 1', query_timeout: HEARTBEAT_LIMIT_MS }
      current.query(query).then(
        () => {
          if (client === current) beat(current)
        },
        // Ends the socket, and so comes back by way of 'end'.
        () => void current.end().catch(onError),
      )
    }, HEARTBEAT_MS)
    timer.unref()
  }

  return {
    async listen(channel, heard) {
      const listeners = channels.get(channel) ?? new Set<Heard>()
      const first = listeners.size === 0
      channels.set(channel, listeners.add(heard))
      if (client === undefined) await connectOnce()
      else if (first) await client.query(`listen ${channel}`)
      return async () => {
        listeners.delete(heard)
        if (listeners.size > 0) return
        channels.delete(channel)
        // A connection that is gone listens to nothing.
        await client?.query(`unlisten ${channel}`).catch(onError)
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await connecting?.catch(() => undefined)
      await client?.end()
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
