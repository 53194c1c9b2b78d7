import type { FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import type { SignedIn } from '../domain/sessions/session.ts'
import { languageOf } from './language/language.ts'
import { Account } from './parts/account.tsx'
import { Form } from './parts/form.tsx'
import { Mark } from './parts/mark.tsx'
import { paths } from './paths.ts'
import { sendPage } from './send-page.ts'
import type { AccountSection } from './words/sections/account.ts'
import type { Words } from './words/words.ts'

export interface AccountPage {
  readonly section: AccountSection
  readonly title: string
  readonly body: VNode
  readonly signedIn: SignedIn
  readonly csrf: string
  readonly error?: boolean
}

const SECTIONS: readonly (readonly [AccountSection, string])[] = [
  ['overview', paths.account],
  ['profile', paths.profile],
  ['email', paths.email],
  ['password', paths.password],
  ['twoStep', paths.twoStep],
  ['passkeys', paths.passkeys],
  ['connections', paths.connections],
  ['sessions', paths.sessions],
  ['apps', paths.apps],
  ['securityLog', paths.securityLog],
  ['data', paths.data],
]

/** The style sheet of account pages. */
export const ACCOUNT_STYLE = 'account.css'

/** Sends a page of the account, with whose it is and the way to the others. */
export function sendAccountPage(reply: FastifyReply, page: AccountPage): FastifyReply {
  const { title, body, error = false } = page
  const { words } = languageOf(reply.request)
  // Where no provider is configured there is nothing to connect, and no page for it.
  const { server } = reply.request
  const hasConnections = server.hasRoute({ method: 'GET', url: paths.connections })
  const frame = (content: VNode) => accountFrame({ ...page, words, body: content, hasConnections })
  return sendPage(reply, { title, body, error, style: ACCOUNT_STYLE, frame })
}

export interface AccountFrameProps extends Pick<AccountPage, 'section' | 'signedIn' | 'csrf'> {
  readonly words: Words
  readonly body: VNode
  readonly hasConnections?: boolean
}

/** The frame of account pages: whose account, the sections, the way out. */
export function accountFrame(props: AccountFrameProps): VNode {
  const { words, section, signedIn, csrf, body, hasConnections = false } = props
  const { account } = signedIn
  const identity = { name: account.claims.name, email: account.email }
  return (
    <div class="rooms">
      <a class="skip" href="#content">
        {words.account.skip}
      </a>
      <header class="rooms-head">
        <a class="home" href={paths.account}>
          <Mark />
          <span>{words.account.title}</span>
        </a>
        <Account account={identity} />
        <Form action={paths.signOut} csrf={csrf}>
          <button type="submit" class="button quiet" id="sign-out">
            {words.account.signOut}
          </button>
        </Form>
      </header>
      <nav class="rooms-nav" aria-label={words.account.title}>
        <ul>
          {SECTIONS.filter(([name]) => name !== 'connections' || hasConnections).map(
            ([name, href]) => (
              <li key={name}>
                <a href={href} aria-current={name === section ? 'page' : undefined}>
                  {words.account.sections[name]}
                </a>
              </li>
            ),
          )}
        </ul>
      </nav>
      <main class="room" id="content">
        {body}
      </main>
    </div>
  )
}
