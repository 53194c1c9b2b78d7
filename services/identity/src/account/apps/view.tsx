import type { VNode } from 'preact'
import type { ConnectedApp } from '../../domain/connected-apps/connected-apps.ts'
import type { Moments } from '../../http/language/moments.ts'
import { AppTile } from '../../http/parts/app-tile.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Empty } from '../../http/parts/items.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { scopeText } from '../../http/language/scope-text.ts'
import type { Words } from '../../http/words/words.ts'

export interface AppsProps {
  readonly words: Words
  readonly moments: Moments
  readonly apps: readonly ConnectedApp[]
  /** The page that asks before access is removed. */
  readonly removeHref: (clientId: string) => string
  readonly notice?: string | undefined
}

/** The applications that can act for a person, what each may do, and the way to end it. */
export function appsView(props: AppsProps): VNode {
  const { words, apps, notice } = props
  return (
    <>
      <RoomHeader title={words.apps.title} lead={words.apps.lead} />
      {notice !== undefined && <Notice>{notice}</Notice>}
      {apps.length === 0 && (
        <div class="panel">
          <Empty>{words.apps.empty}</Empty>
        </div>
      )}
      {apps.map((app, at) => (
        <AppCard key={app.clientId} {...props} app={app} id={`app-${at + 1}`} />
      ))}
    </>
  )
}

export function nameOf({ metadata, clientId }: ConnectedApp): string {
  return metadata.client_name ?? clientId
}

function AppCard(props: AppsProps & { readonly app: ConnectedApp; readonly id: string }): VNode {
  const { words, moments, app, id } = props
  const { can, since, lastUsed, trusted, remove, removeOf } = words.apps
  const name = nameOf(app)
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="item">
        <AppTile name={name} logoUri={app.metadata.logo_uri} />
        <div class="item-text">
          <h2 id={id}>
            <bdi>{name}</bdi>
          </h2>
          <p class="soft">
            <Moment at={app.since} said={(at) => since(moments.day(at))} />
            {app.lastUsedAt !== undefined && (
              <>
                <br />
                <Moment at={app.lastUsedAt} said={(at) => lastUsed(moments.full(at))} />
              </>
            )}
          </p>
          {!app.asked && <p class="soft">{trusted}</p>}
        </div>
        <a class="button quiet" href={props.removeHref(app.clientId)} aria-label={removeOf(name)}>
          {remove}
        </a>
      </header>
      {app.permissions.length > 0 && (
        <div class="scopes">
          <p class="soft">{can}</p>
          <ul>
            {app.permissions.map((permission) => (
              <li key={`${permission.kind} ${permission.scope}`}>
                <bdi>
                  {scopeText(
                    words,
                    permission.scope,
                    permission.kind === 'api' ? permission.text : undefined,
                  )}
                </bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

export interface RemoveAppProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly app: ConnectedApp
  readonly backHref: string
}

/** Asks before an application loses its access: what that means, yes or no. */
export function removeAppView({ words, action, csrf, app, backHref }: RemoveAppProps): VNode {
  const { removeTitle, removeLead, effects, remove, keep } = words.apps
  const name = nameOf(app)
  return (
    <>
      <RoomHeader title={removeTitle(<bdi>{name}</bdi>)} />
      <section class="panel">
        <p>{removeLead}</p>
        <ul class="plain-list">
          <li>{effects.access}</li>
          <li>{effects.account}</li>
          <li>{app.metadata.consent === 'implicit' ? effects.returns : effects.again}</li>
        </ul>
        <Form action={action} csrf={csrf}>
          <div class="actions pair">
            <Button look="danger">{remove}</Button>
            <ButtonLink look="secondary" href={backHref}>
              {keep}
            </ButtonLink>
          </div>
        </Form>
      </section>
    </>
  )
}
