import { isLoopbackHost } from '../oauth/redirect-uri.ts'

/** A picture that is given in the settings themselves. */
export interface Picture {
  readonly type: string
  readonly bytes: Buffer
}

const MAX_DATA_CHARACTERS = 65_536
const PICTURE = /^data:(image\/(?:png|jpeg|gif|webp|avif|svg\+xml))(;base64)?,([^]*)$/
const BASE64 = /^(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$|^[A-Za-z\d+/]{2}==$/

/** Why a logo cannot be shown, or undefined: https, http on a loopback host, or a picture as a `data:` URI (RFC 2397). */
export function logoFault(uri: string): string | undefined {
  if (uri.startsWith('data:')) {
    if (uri.length > MAX_DATA_CHARACTERS) return 'must have 64 kB at most'
    return pictureOf(uri) === undefined
      ? 'must be a picture, such as data:image/png;base64,… or data:image/svg+xml,…'
      : undefined
  }
  if (!URL.canParse(uri)) return 'is not an absolute URI'
  const { protocol, hostname, username, password } = new URL(uri)
  if (username !== '' || password !== '') return 'must hold no name and password'
  const isFetched = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
  return isFetched ? undefined : 'must be https, http on a loopback host, or a data:image/… URI'
}

/** The picture that a `data:` URI holds. */
export function pictureOf(uri: string): Picture | undefined {
  const [, type, base64, data = ''] = PICTURE.exec(uri) ?? []
  if (type === undefined || data === '') return undefined
  if (base64 !== undefined)
    return BASE64.test(data) ? { type, bytes: Buffer.from(data, 'base64') } : undefined
  try {
    return { type, bytes: Buffer.from(decodeURIComponent(data)) }
  } catch {
    // A lone percent sign.
    return undefined
  }
}
