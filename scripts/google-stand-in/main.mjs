// A stand-in for Google, so that "Sign in with Google" can be tried without an account there: `npm start -- --try-google`.
// It takes the same environment as the identity service, which is its only client.
import { createProvider } from './provider.mjs'
import { createStandIn } from './server.mjs'

const { ISSUER, GOOGLE_ISSUER, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = process.env
const issuer = loopback('GOOGLE_ISSUER', GOOGLE_ISSUER)
const client = loopback('ISSUER', ISSUER)
if (!GOOGLE_CLIENT_ID || !GOOGLE_CLIENT_SECRET)
  refuse('GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET must be set')

const provider = await createProvider({
  issuer: issuer.origin,
  clientId: GOOGLE_CLIENT_ID,
  clientSecret: GOOGLE_CLIENT_SECRET,
  redirectUri: `${client.origin}/auth/google/callback`,
})
const server = createStandIn(provider, { issuer: issuer.origin, client: client.origin })
server.once('error', (error) => refuse(error.message))
server.listen(Number(issuer.port || '80'), issuer.hostname.replace(/^\[|\]$/g, ''), () =>
  process.send?.({ ready: true }),
)
for (const end of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])
  process.once(end, () => process.exit(0))

/** It lets everybody be anybody: neither it nor the service that believes it may be within reach of others. */
function loopback(name, value) {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isLoopback = url && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url?.protocol !== 'http:' || !isLoopback)
    refuse(`${name} must be an http URL of this machine, such as http://localhost:4002`)
  return url
}

function refuse(why) {
  console.error(`The stand-in for Google does not start: ${why}.`)
  process.exit(78)
}
