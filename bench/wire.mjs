import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * One keep-alive connection that sends a request at a time. By hand, since a full client costs as much
 * processor time as some of the answers it would measure.
 */
export async function openWire({ hostname, port }) {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  let received = Buffer.alloc(0)
  let waiting

  const fail = (error) => waiting?.reject(error)
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    try {
      const answer = takeAnswer(received)
      if (answer === undefined) return
      received = received.subarray(answer.length)
      waiting.resolve(answer)
    } catch (error) {
      fail(error)
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the service closed the connection')))

  return {
    /** Sends one request; `form` makes it a POST. Redirects are not followed. */
    send(path, { form, headers = {} } = {}) {
      const body = form === undefined ? '' : new URLSearchParams(form).toString()
      const lines = [`${form === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`]
      lines.push(`host: ${hostname}:${port}`)
      for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
      if (form !== undefined)
        lines.push(
          'content-type: application/x-www-form-urlencoded',
          `content-length: ${Buffer.byteLength(body)}`,
        )
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
      })
    },
    close() {
      waiting = undefined
      socket.destroy()
    },
  }
}

/** The first whole answer in the bytes so far, or undefined. */
function takeAnswer(bytes) {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.latin1Slice(0, end)
  const status = Number(head.slice(9, 12))
  const declared = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (declared === undefined && status !== 204 && status !== 304)
    throw new Error(`an answer without content-length: ${head}`)
  const length = end + 4 + Number(declared ?? 0)
  if (bytes.length < length) return undefined
  return { status, head, length, body: bytes.utf8Slice(end + 4, length) }
}

/** Values of a header, in order. */
export function headerOf({ head }, name) {
  return [...head.matchAll(new RegExp(`\r\n${name}: *([^\r]*)`, 'gi'))].map(([, value]) => value)
}

/** The members of a JSON answer; throws with the answer in words unless its status is 200. */
export function jsonOf(answer) {
  if (answer.status !== 200) throw unexpected('200', answer)
  return JSON.parse(answer.body)
}

export function unexpected(wanted, { status, head, body }) {
  const text = body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  return new Error(`wanted ${wanted}, got ${status}: ${text.slice(0, 300)}\n${head}`)
}
