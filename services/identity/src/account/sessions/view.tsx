import type { VNode } from 'preact'
import type { Device } from '../../domain/sessions/devices.ts'
import type { Moments } from '../../http/language/moments.ts'
import { Button } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { DeviceSign, deviceText } from '../../http/parts/device.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Item, Items } from '../../http/parts/items.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import type { Words } from '../../http/words/words.ts'

export interface SessionsProps {
  readonly words: Words
  readonly moments: Moments
  readonly action: string
  readonly csrf: string
  /** This device first. */
  readonly devices: readonly Device[]
  readonly notice?: string | undefined
}

/** Where a person is signed in, and the way to end it. */
export function sessionsView(props: SessionsProps): VNode {
  const { words, devices, notice } = props
  const { title, lead, onlyThis, others, everywhere } = words.devices
  const alone = devices.length < 2
  return (
    <>
      <RoomHeader title={title} lead={lead} />
      {notice !== undefined && <Notice>{notice}</Notice>}
      <Form action={props.action} csrf={props.csrf}>
        <div class="panel">
          <Items>
            {devices.map((device) => (
              <DeviceItem key={device.id} {...props} device={device} />
            ))}
          </Items>
          {alone && <p class="soft">{onlyThis}</p>}
        </div>
        {!alone && (
          <Card id="others" title={others.title} lead={others.lead}>
            <Button look="secondary" name="all" value="others">
              {others.submit}
            </Button>
          </Card>
        )}
        <Card id="everywhere" title={everywhere.title} lead={everywhere.lead} tone="danger">
          <Button look="danger" name="all" value="everywhere">
            {everywhere.submit}
          </Button>
        </Card>
      </Form>
    </>
  )
}

function DeviceItem(props: SessionsProps & { readonly device: Device }): VNode {
  const { words, moments, device } = props
  const { current, inUse, lastSeen, signedIn, address, signOut, signOutOf } = words.devices
  const userAgent = device.userAgent ?? undefined
  const name = deviceText(words, userAgent)
  return (
    <Item
      sign={<DeviceSign userAgent={userAgent} />}
      title={name}
      badge={device.current ? current : undefined}
      action={
        device.current ? undefined : (
          <button
            type="submit"
            class="button quiet"
            name="session"
            value={device.id}
            aria-label={signOutOf(name)}
          >
            {signOut}
          </button>
        )
      }
    >
      <p class="soft">
        {device.current ? (
          inUse
        ) : (
          <Moment at={device.lastSeenAt} said={(at) => lastSeen(moments.full(at))} />
        )}
        <br />
        <Moment at={device.authTime} said={(at) => signedIn(moments.full(at))} />
        {device.ip !== null && (
          <>
            <br />
            {address(<bdi dir="ltr">{device.ip}</bdi>)}
          </>
        )}
      </p>
    </Item>
  )
}
