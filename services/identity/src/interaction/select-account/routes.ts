import type { FastifyPluginAsync } from 'fastify'
import type { Transactions } from '../../domain/authorization/transaction.ts'
import { appIdentity } from '../../http/app-identity.ts'
import type { Browsers } from '../../http/browser.ts'
import type { Conversations } from '../../http/conversation.ts'
import { readForm } from '../../http/form.ts'
import { languageOf } from '../../http/language.ts'
import { PageError } from '../../http/page-error.ts'
import type { Presence } from '../../http/presence.ts'
import { paths, stepPath } from '../../http/paths.ts'
import { sendPage } from '../../http/send-page.ts'
import { selectAccountTitle, selectAccountView } from './view.tsx'

export interface SelectAccountDeps {
  readonly conversations: Conversations
  readonly transactions: Transactions
  readonly presence: Presence
  readonly browsers: Browsers
}

/** The account step of `prompt=select_account`: this account or another one. */
export function selectAccount(deps: SelectAccountDeps): FastifyPluginAsync {
  const { conversations, transactions, presence, browsers } = deps

  return async (app) => {
    app.get(paths.selectAccount, async (request, reply) => {
      const current = await conversations.resume(request)
      const signedIn = await presence.signedIn(request)
      if (signedIn === undefined) return reply.redirect(stepPath('login', current.sealed), 303)
      const { id, email, claims } = signedIn.account
      const identity = appIdentity(current.request.client)
      const props = {
        words: languageOf(request).words,
        action: request.url,
        csrf: browsers.csrfToken(request, reply),
        app: identity,
        accounts: [{ id, email, name: claims.name }],
      }
      const title = selectAccountTitle(props)
      return sendPage(reply, { title, body: selectAccountView(props), app: identity })
    })

    app.post(paths.selectAccount, async (request, reply) => {
      const current = await conversations.resume(request)
      const { account } = readForm(request, ['account'])
      if (account === 'other')
        return reply.redirect(`${stepPath('login', current.sealed)}&switch=1`, 303)
      const signedIn = await presence.signedIn(request)
      if (signedIn?.account.id !== account)
        throw new PageError('invalid_request', { hint: 'account is not signed in here' })
      const selected = { ...current.transaction, accountSelected: true }
      const sealed = transactions.seal(selected, browsers.bind(request, reply))
      return reply.redirect(stepPath('authorize', sealed), 303)
    })
  }
}
