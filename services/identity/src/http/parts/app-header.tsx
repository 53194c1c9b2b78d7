import type { ComponentChildren, VNode } from 'preact'
import type { AppIdentity } from './app-identity.ts'
import { initial } from './initial.ts'
import { webUrl } from '../safe-url.ts'
import { Brand } from './sign.tsx'

/** Opens a step: whose page it is, what it is about. */
export function AppHeader(props: {
  readonly app?: AppIdentity | undefined
  /** Drawn where no application is named; the mark of Signet if absent. */
  readonly sign?: VNode | undefined
  readonly title: ComponentChildren
  readonly lead?: ComponentChildren
}): VNode {
  const { app, sign = <Brand />, title, lead } = props
  return (
    <header class="opening">
      {app === undefined ? sign : <AppLogo app={app} />}
      <h1>{title}</h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
    </header>
  )
}

function AppLogo({ app }: { readonly app: AppIdentity }): VNode {
  const logo = webUrl(app.logoUri)
  if (logo === undefined) {
    return (
      <span class="sign logo" aria-hidden="true">
        {initial(app.name)}
      </span>
    )
  }
  // The name is in the title beside it, so the picture adds nothing to hear.
  return (
    <img
      class="sign logo"
      data-initial={initial(app.name)}
      src={logo}
      alt=""
      width={56}
      height={56}
      referrerpolicy="no-referrer"
    />
  )
}
