import type { ServerResponse } from 'node:http'
import t from 'tap'
import { Browser, stepOf } from '../helpers/browser.ts'
import { textOf } from '../helpers/html.ts'
import { startIdentity } from '../helpers/identity.ts'
import { pathOf, registering } from '../helpers/registering.ts'
import { answerOf, startUpstream, visit } from '../helpers/upstream.ts'
import { ada, world } from '../helpers/world.ts'

// GitHub and Facebook know no ID token: who somebody is comes from their API.
const upstream = await startUpstream(t)
const noIssuer = (parameters: URLSearchParams) => parameters.delete('iss')
const api = { user: {} as unknown, emails: [] as unknown, me: {} as unknown, asked: '' }
const answers = (paths: Readonly<Record<string, () => unknown>>) => ({
  callback: noIssuer,
  answer(path: string, response: ServerResponse, request: { url?: string | undefined }) {
    const found = paths[path.split('?', 1)[0] ?? '']
    if (found === undefined) return false
    api.asked = request.url ?? ''
    const status = path.endsWith('/emails') ? emailsStatus : 200
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(found()))
    return true
  },
})
const accessToken = () => ({ access_token: 'token-of-the-person', token_type: 'bearer' })
let tokenAnswer: () => unknown = accessToken
let emailsStatus = 200

/** Sends people back at once, as /authorize of the helper does. */
function dialog(path: string) {
  return (asked: string, response: ServerResponse, request: { url?: string | undefined }) => {
    if (asked !== path) return false
    const query = new URL(request.url ?? '', upstream.origin).searchParams
    const back = new URL(query.get('redirect_uri') ?? '')
    back.search = new URLSearchParams({ code: 'c', state: query.get('state') ?? '' }).toString()
    response.writeHead(302, { location: back.href }).end()
    return true
  }
}
const github = answers({
  '/login/oauth/access_token': () => tokenAnswer(),
  '/api/v3/user': () => api.user,
  '/api/v3/user/emails': () => api.emails,
})
const facebook = answers({
  '/v23.0/oauth/access_token': () => tokenAnswer(),
  '/v23.0/me': () => api.me,
})
const [toGithub, toFacebook] = [dialog('/login/oauth/authorize'), dialog('/v23.0/dialog/oauth')]
upstream.behave('github', {
  answer: (path, response, request) =>
    toGithub(path, response, request) || github.answer(path, response, request),
})
upstream.behave('facebook', {
  answer: (path, response, request) =>
    toFacebook(path, response, request) || facebook.answer(path, response, request),
})

const identity = await startIdentity(t, {
  config: {
    ...world(),
    providers: [
      upstream.entry('github', { type: 'github' }),
      upstream.entry('facebook', { type: 'facebook' }),
    ],
  },
})
const { issuer } = identity
const { isSignedIn, mailTo } = registering(identity)
const primary = (email: string, verified = true) => [
  { email: 'other@acme.test', primary: false, verified: true },
  { email, primary: true, verified },
]

void t.test(
  'GitHub: the number is the identity, the primary verified address counts',
  async (t) => {
    api.user = { id: 583_231, login: 'octo', name: null }
    api.emails = primary('octo@acme.test')
    const browser = new Browser(issuer)
    t.equal(pathOf(await visit(browser, `${issuer}/auth/github`)), '/')
    t.equal(await isSignedIn(browser), true)
    api.user = { id: 583_231, login: 'renamed' }
    api.emails = []
    const again = new Browser(issuer)
    t.equal(
      pathOf(await visit(again, `${issuer}/auth/github`)),
      '/',
      'renamed, and without address',
    )
    const room = await again.open(`${issuer}/account`)
    t.match(room.body.replaceAll('<wbr/>', ''), 'octo@acme.test')
    api.user = { id: 99, login: 'octo' }
    api.emails = primary(ada.email)
    t.equal(stepOf(await visit(new Browser(issuer), `${issuer}/auth/github`)), 'login')
  },
)

void t.test('GitHub: an unverified address is none', async (t) => {
  api.user = { id: 7 }
  api.emails = primary('victim@acme.test', false)
  const page = await visit(new Browser(issuer), `${issuer}/auth/github`)
  t.equal(pathOf(page), '/sign-in/address')
})

void t.test('GitHub: whoever lets us read no addresses is asked for one', async (t) => {
  api.user = { id: 8 }
  api.emails = { message: 'Resource not accessible by integration' }
  for (const status of [403, 404]) {
    emailsStatus = status
    const page = await visit(new Browser(issuer), `${issuer}/auth/github`)
    t.equal(pathOf(page), '/sign-in/address')
  }
  emailsStatus = 200
})

void t.test('Facebook: an address never counts before our own code', async (t) => {
  api.me = { id: '1234567890', name: 'Face Book', email: 'face@acme.test' }
  const browser = new Browser(issuer)
  const page = await visit(browser, `${issuer}/auth/facebook`)
  t.equal(pathOf(page), '/sign-in/code')
  t.match(api.asked, /appsecret_proof=[\da-f]{64}/)
  t.equal(await isSignedIn(browser), false)
  const { code } = await mailTo('face@acme.test')
  t.equal(pathOf(await browser.submit(page, { code })), '/')
  api.me = { id: '5', name: 'No Address' }
  const none = await visit(new Browser(issuer), `${issuer}/auth/facebook`)
  t.equal(pathOf(none), '/sign-in/address')
})

for (const [name, answer] of Object.entries({
  'an error with 200': () => ({ error: 'bad_verification_code' }),
  'an error that is no text': () => ({ error: 'a\0\ud800' }),
  'no token': () => ({}),
  'a token that is none': () => ({ access_token: 7 }),
}))
  void t.test(`refused: ${name}`, async (t) => {
    tokenAnswer = answer
    const browser = new Browser(issuer)
    const page = await browser.open(await answerOf(browser, `${issuer}/auth/github`))
    tokenAnswer = accessToken
    t.equal(page.status, 502)
    t.match(textOf(page.body), /did not work/)
    t.equal(await isSignedIn(browser), false)
  })

for (const id of [undefined, null, 'octo', 1.5, '', {}])
  void t.test(`refused: the API names ${JSON.stringify(id)}`, async (t) => {
    api.user = { id }
    api.emails = primary('nobody@acme.test')
    const browser = new Browser(issuer)
    const page = await browser.open(await answerOf(browser, `${issuer}/auth/github`))
    t.equal(page.status, 502)
    t.equal(await isSignedIn(browser), false)
  })
