import type { VNode } from 'preact'
import { hasSecondFactor } from '../../domain/factors/policy.ts'
import type { Authenticator, Factors } from '../../domain/factors/store.ts'
import type { TrustedDevice } from '../../domain/trusted-devices/store.ts'
import type { Moments } from '../../http/language/moments.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { DeviceSign, deviceText } from '../../http/parts/device.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Item, Items } from '../../http/parts/items.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { authenticatorPath, paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface TwoStepProps {
  readonly words: Words
  readonly moments: Moments
  readonly csrf: string
  readonly authenticators: readonly Pick<
    Authenticator,
    'id' | 'name' | 'createdAt' | 'lastUsedAt'
  >[]
  /** Whether there is room for one more. */
  readonly mayAdd: boolean
  readonly factors: Factors
  readonly trusted: readonly TrustedDevice[]
  /** The operator asks for a second step. */
  readonly required: boolean
  readonly notice?: string | undefined
}

/** How many recovery codes are few. */
const FEW_CODES = 3

/** The second step of a sign-in: apps, recovery codes, passkeys, browsers that are spared it. */
export function twoStepView(props: TwoStepProps): VNode {
  const { words, factors, trusted, required, notice } = props
  const { title, lead, passkeys, required: asked } = words.twoStep
  return (
    <>
      <RoomHeader title={title} lead={lead} />
      {notice !== undefined && <Notice>{notice}</Notice>}
      {required && <p class="soft">{asked}</p>}
      <AuthenticatorsCard {...props} />
      <Card
        id="passkeys"
        title={passkeys.title}
        lead={passkeys.lead}
        action={<a href={paths.passkeys}>{passkeys.show}</a>}
      />
      {hasSecondFactor(factors) && <CodesCard words={words} left={factors.recoveryCodes} />}
      {trusted.length > 0 && <TrustedCard {...props} />}
    </>
  )
}

function AuthenticatorsCard({ words, moments, authenticators, mayAdd }: TwoStepProps): VNode {
  const said = words.twoStep.authenticators
  const none = authenticators.length === 0
  return (
    <Card id="authenticators" title={said.title} lead={said.lead}>
      {!none && (
        <Items>
          {authenticators.map(({ id, name, createdAt, lastUsedAt }) => (
            <Item
              key={id}
              title={<bdi>{name}</bdi>}
              action={
                <a
                  class="button quiet"
                  href={authenticatorPath('authenticator', id)}
                  aria-label={said.changeOf(name)}
                >
                  {said.change}
                </a>
              }
            >
              <p class="soft">
                <Moment at={createdAt} said={(at) => said.added(moments.day(at))} />
                <br />
                <Moment at={lastUsedAt} said={(at) => said.lastUsed(moments.full(at))} />
              </p>
            </Item>
          ))}
        </Items>
      )}
      {mayAdd && (
        <ButtonLink look={none ? 'primary' : 'secondary'} href={paths.addAuthenticator}>
          {none ? said.add : said.addAnother}
        </ButtonLink>
      )}
    </Card>
  )
}

function CodesCard({ words, left }: { readonly words: Words; readonly left: number }): VNode {
  const said = words.twoStep.codes
  return (
    <Card id="recovery-codes" title={said.title} lead={said.lead}>
      <p class="item-title">
        <span>{left === 0 ? said.none : said.left(left)}</span>
      </p>
      {left <= FEW_CODES && left > 0 && <p>{said.low}</p>}
      <ButtonLink look={left <= FEW_CODES ? 'primary' : 'secondary'} href={paths.newRecoveryCodes}>
        {said.renew}
      </ButtonLink>
    </Card>
  )
}

function TrustedCard({ words, moments, csrf, trusted }: TwoStepProps): VNode {
  const said = words.twoStep.trusted
  return (
    <Form action={paths.twoStep} csrf={csrf}>
      <Card id="trusted" title={said.title} lead={said.lead}>
        <Items>
          {trusted.map(({ id, userAgent, createdAt, expiresAt }) => {
            const name = deviceText(words, userAgent ?? undefined)
            return (
              <Item
                key={id}
                sign={<DeviceSign userAgent={userAgent ?? undefined} />}
                title={name}
                action={
                  <button
                    type="submit"
                    class="button quiet"
                    name="device"
                    value={id}
                    aria-label={said.endOf(name)}
                  >
                    {said.end}
                  </button>
                }
              >
                <p class="soft">
                  <Moment at={createdAt} said={(at) => said.since(moments.day(at))} />
                  <br />
                  <Moment at={expiresAt} said={(at) => said.until(moments.day(at))} />
                </p>
              </Item>
            )
          })}
        </Items>
        {trusted.length > 1 && (
          <Button look="secondary" name="all" value="devices">
            {said.endAll}
          </Button>
        )}
      </Card>
    </Form>
  )
}
