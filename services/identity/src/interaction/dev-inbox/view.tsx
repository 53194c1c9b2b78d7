import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import { paths } from '../../http/paths.ts'
import type { InboxMessage } from './message.ts'

// For the people who build applications: in English only, and on loopback only.
export const inboxTitle = 'Inbox'

/** The newest mails, with their links to press and their codes to copy. */
export function inboxView(messages: readonly InboxMessage[], hasOlder: boolean): VNode {
  return (
    <>
      <AppHeader
        title={inboxTitle}
        lead={
          messages.length === 0
            ? 'No mail yet. What Signet would send appears here.'
            : 'What Signet would have sent, newest first.'
        }
      />
      <ol class="letters">
        {messages.map((message) => (
          <li key={message.id}>
            <Message message={message} />
          </li>
        ))}
      </ol>
      {hasOlder && (
        <p class="hint">
          Older ones are in <a href={paths.inboxMessages}>the list for programs</a>.
        </p>
      )}
    </>
  )
}

function Message({ message }: { readonly message: InboxMessage }): VNode {
  const { to, subject, text, links, codes, at } = message
  return (
    <article>
      <h2>{subject}</h2>
      <p class="hint">
        <bdi>{to}</bdi> · <time datetime={at}>{at.slice(0, 19).replace('T', ' ')} UTC</time>
      </p>
      {codes.map((code) => (
        <p key={code}>
          <code>{code}</code>
        </p>
      ))}
      {links.map((link) => (
        <p key={link}>
          <a href={link}>{new URL(link).pathname}</a>
        </p>
      ))}
      <details>
        <summary>Text</summary>
        <pre>{text}</pre>
      </details>
    </article>
  )
}
