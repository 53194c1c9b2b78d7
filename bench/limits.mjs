import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { createPasswordHasher } from '../services/identity/dist/src/domain/credentials/password-hasher.js'

const data = Buffer.alloc(400, 'x')
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signature = sign('sha256', data, privateKey)
const signing = promisify(sign)
const verifying = promisify(verify)

const YARDSTICKS = {
  signatures: (ms) => rate(16, ms, () => signing('sha256', data, privateKey)),
  verifications: (ms) => rate(16, ms, () => verifying('sha256', data, publicKey, signature)),
  // The service's own hasher, whatever library it uses, with a hash for each of two cores.
  hashes: async (ms) => {
    const hasher = await createPasswordHasher({ pepper: data, lanes: 2, maxWaiting: 2 })
    return rate(2, ms, () => hasher.hash('correct horse battery staple'))
  },
}

/** The kinds of work that no flow can save. */
export const WORK = Object.keys(YARDSTICKS)

/** What this machine can do of one kind with nothing around it, per second. */
export async function measureLimit(work, ms) {
  return YARDSTICKS[work](ms)
}

async function rate(inFlight, ms, work) {
  let done = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() - start < ms) {
        await work()
        done += 1
      }
    }),
  )
  return (done * 1000) / (performance.now() - start)
}
