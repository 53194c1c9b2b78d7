import { randomBytes } from 'node:crypto'

/** A UUIDv7 (RFC 9562 §5.7): time-ordered, so that new rows land at the end of their index. */
export function uuidv7(at: Date): string {
  return stamped(randomBytes(16), at)
}

/** The first UUIDv7 of a moment: none that is made then or later comes before it. */
export function firstUuidv7(at: Date): string {
  return stamped(Buffer.alloc(16), at)
}

function stamped(bytes: Buffer, at: Date): string {
  bytes.writeUIntBE(at.getTime(), 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

/** Whether text is a UUID in the form the database returns, so that a foreign value never reaches a uuid column. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)
}
