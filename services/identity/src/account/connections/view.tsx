import type { VNode } from 'preact'
import type { Identity } from '../../domain/identities/store.ts'
import type { Provider } from '../../domain/upstream/provider.ts'
import type { Moments } from '../../http/language/moments.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Empty, Item, Items } from '../../http/parts/items.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import type { Words } from '../../http/words/words.ts'

/** One identity, as its person is shown it. */
export interface Connected {
  readonly identity: Identity
  /** The provider's name; its id where the operator offers it no more. */
  readonly name: string
  readonly isLast: boolean
}

export interface ConnectionsProps {
  readonly words: Words
  readonly moments: Moments
  readonly csrf: string
  readonly action: string
  readonly disconnectAction: string
  /** Where another way in is made. */
  readonly passwordHref: string
  readonly connected: readonly Connected[]
  readonly available: readonly Pick<Provider, 'id' | 'name'>[]
  readonly notice?: string | undefined
  readonly problem?: string | undefined
}

/** The accounts elsewhere that a person can sign in with, and those that could be added. */
export function connectionsView(props: ConnectionsProps): VNode {
  const { words, connected, available, notice, problem, csrf, action } = props
  const said = words.upstream.connections
  return (
    <>
      <RoomHeader title={said.title} lead={said.lead} />
      {notice !== undefined && <Notice>{notice}</Notice>}
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Form action={action} csrf={csrf}>
        <section class="panel">
          {connected.length === 0 ? (
            <Empty>{said.empty}</Empty>
          ) : (
            <Items>
              {connected.map((one) => (
                <Connection key={one.identity.id} {...props} one={one} />
              ))}
            </Items>
          )}
        </section>
        {available.length > 0 && (
          <section class="panel" aria-labelledby="available">
            <h2 id="available">{said.available}</h2>
            <div class="actions">
              {available.map(({ id, name }) => (
                <Button key={id} look="secondary" name="provider" value={id}>
                  {said.connect(name)}
                </Button>
              ))}
            </div>
          </section>
        )}
      </Form>
    </>
  )
}

function Connection(props: ConnectionsProps & { readonly one: Connected }): VNode {
  const { words, moments, disconnectAction, passwordHref, one } = props
  const { identity, name, isLast } = one
  const said = words.upstream.connections
  const action = isLast ? (
    <ButtonLink look="quiet" href={passwordHref}>
      {words.change.password.firstTitle}
    </ButtonLink>
  ) : (
    <button
      type="submit"
      class="button quiet"
      formaction={disconnectAction}
      name="identity"
      value={identity.id}
      aria-label={said.disconnectOf(name)}
    >
      {said.disconnect}
    </button>
  )
  return (
    <Item title={<bdi>{name}</bdi>} action={action}>
      {identity.email !== null && (
        <p class="soft">
          <bdi dir="ltr">{identity.email}</bdi>
        </p>
      )}
      <p class="soft">
        <Moment at={identity.createdAt} said={(at) => said.since(moments.day(at))} />
        <br />
        <Moment at={identity.lastUsedAt} said={(at) => said.lastUsed(moments.full(at))} />
      </p>
      {isLast && <p class="soft">{said.last}</p>}
    </Item>
  )
}

export interface ConfirmProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly provider: string
  /** As the provider tells it. */
  readonly email: string | undefined
}

/** Asks before an account elsewhere is connected with this one. */
export function confirmView({ words, action, csrf, provider, email }: ConfirmProps): VNode {
  const { confirmTitle, confirmLead, confirm, notNow } = words.upstream.connections
  return (
    <>
      <RoomHeader title={confirmTitle(provider)} lead={confirmLead(provider)} />
      <section class="panel">
        {email !== undefined && (
          <p>
            <bdi dir="ltr">{email}</bdi>
          </p>
        )}
        <Form action={action} csrf={csrf}>
          <div class="actions pair">
            <Button name="decision" value="connect">
              {confirm}
            </Button>
            <Button look="secondary" name="decision" value="later">
              {notNow}
            </Button>
          </div>
        </Form>
      </section>
    </>
  )
}
