import type { VNode } from 'preact'
import type { Passkey } from '../../domain/passkeys/store.ts'
import type { Moments } from '../../http/language/moments.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Empty, Item, Items } from '../../http/parts/items.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { PasskeyButton, type PasskeyPrompt } from '../../http/parts/passkey-button.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { onePasskeyPath, paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface PasskeysProps {
  readonly words: Words
  readonly moments: Moments
  readonly passkeys: readonly Passkey[]
  /** How many anybody may have. */
  readonly maximum: number
  readonly notice?: string | undefined
}

/** A person's passkeys, and the way to another one. */
export function passkeysView(props: PasskeysProps): VNode {
  const { words, passkeys, maximum, notice } = props
  const { title, lead, empty, onlyOne, add, full } = words.passkeys.room
  return (
    <>
      <RoomHeader title={title} lead={lead} />
      {notice !== undefined && <Notice>{notice}</Notice>}
      <section class="panel">
        {passkeys.length === 0 ? (
          <Empty>{empty}</Empty>
        ) : (
          <Items>
            {passkeys.map((passkey) => (
              <PasskeyItem key={passkey.id} {...props} passkey={passkey} />
            ))}
          </Items>
        )}
        {passkeys.length === 1 && <p class="soft">{onlyOne}</p>}
        {passkeys.length < maximum ? (
          <div class="actions">
            <ButtonLink
              href={paths.addPasskey}
              look={passkeys.length === 0 ? 'primary' : 'secondary'}
            >
              {add}
            </ButtonLink>
          </div>
        ) : (
          <p class="soft">{full(maximum)}</p>
        )}
      </section>
    </>
  )
}

function PasskeyItem(props: PasskeysProps & { readonly passkey: Passkey }): VNode {
  const { words, moments, passkey } = props
  const { id, name, createdAt, lastUsedAt, backedUp } = passkey
  const said = words.passkeys.room
  return (
    <Item
      sign={<KeySign />}
      title={<bdi>{name}</bdi>}
      action={
        <a class="button quiet" href={onePasskeyPath(id)} aria-label={said.changeOf(name)}>
          {said.change}
        </a>
      }
    >
      <p class="soft">
        <Moment at={createdAt} said={(at) => said.added(moments.day(at))} />
        <br />
        {lastUsedAt === null ? (
          said.neverUsed
        ) : (
          <Moment at={lastUsedAt} said={(at) => said.lastUsed(moments.full(at))} />
        )}
        <br />
        {backedUp ? said.synced : said.notSynced}
      </p>
    </Item>
  )
}

function KeySign(): VNode {
  return (
    <span class="sign logo tile" aria-hidden="true">
      <svg viewBox="0 0 24 24">
        <path d="M8 11.5a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM10.5 10.5l9 9M16 16l2.5-2.5M19.5 19.5v-3" />
      </svg>
    </span>
  )
}

export interface NewPasskeyProps {
  readonly words: Words
  readonly csrf: string
  readonly prompt: PasskeyPrompt
  readonly problem?: string | undefined
}

/** Where a passkey is made. */
export function newPasskeyView({ words, csrf, prompt, problem }: NewPasskeyProps): VNode {
  const { title, lead, how, submit, back } = words.passkeys.make
  return (
    <>
      <RoomHeader title={title} lead={lead} />
      {problem !== undefined && <ErrorSummary words={words} problems={[{ text: problem }]} />}
      <section class="panel">
        <Form action={paths.addPasskey} csrf={csrf}>
          <p>{how}</p>
          <div class="actions">
            <PasskeyButton words={words} prompt={prompt} alone>
              {submit}
            </PasskeyButton>
            <ButtonLink href={paths.passkeys} look="quiet">
              {back}
            </ButtonLink>
          </div>
        </Form>
      </section>
    </>
  )
}

export interface OnePasskeyProps {
  readonly words: Words
  readonly csrf: string
  readonly passkey: Pick<Passkey, 'id' | 'name'>
  /** What was typed, if it will not do. */
  readonly typed?: string | undefined
  /** Why the passkey was not removed. */
  readonly stays?: 'last_way_in' | 'required' | undefined
}

/** One passkey: its name, and its end. */
export function onePasskeyView({ words, csrf, passkey, typed, stays }: OnePasskeyProps): VNode {
  const { one, make } = words.passkeys
  const nameProblem = typed === undefined ? undefined : one.problem
  const whyItStays = stays === 'required' ? one.required : one.lastWayIn
  const problems = [
    ...(nameProblem === undefined ? [] : [{ text: nameProblem, field: 'name' }]),
    ...(stays === undefined ? [] : [{ text: whyItStays }]),
  ]
  return (
    <>
      <RoomHeader title={<bdi>{passkey.name}</bdi>} />
      {problems.length > 0 && <ErrorSummary words={words} problems={problems} />}
      <Form action={onePasskeyPath(passkey.id)} csrf={csrf}>
        <section class="panel">
          <Field
            name="name"
            label={one.name}
            hint={one.nameHint}
            problem={nameProblem}
            input={{
              value: typed ?? passkey.name,
              maxLength: 60,
              required: true,
              autocomplete: 'off',
            }}
          />
          <div class="actions">
            <Button name="action" value="rename">
              {one.save}
            </Button>
            <ButtonLink href={paths.passkeys} look="quiet">
              {make.back}
            </ButtonLink>
          </div>
        </section>
        <Card id="remove" title={one.removeTitle} lead={one.removeLead} tone="danger">
          <Button look="danger" name="action" value="remove" skipValidation>
            {one.remove}
          </Button>
        </Card>
      </Form>
    </>
  )
}
