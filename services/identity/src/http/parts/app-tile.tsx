import type { VNode } from 'preact'
import { initial } from './initial.ts'
import { webUrl } from '../safe-url.ts'

/** The logo of an application in a list, or its first letter; the name stands beside it. */
export function AppTile(props: {
  readonly name: string
  readonly logoUri?: string | undefined
}): VNode {
  const logo = webUrl(props.logoUri)
  const letter = initial(props.name)
  if (logo === undefined)
    return (
      <span class="sign logo tile" aria-hidden="true">
        {letter}
      </span>
    )
  return (
    <img
      class="sign logo tile"
      data-initial={letter}
      src={logo}
      alt=""
      width={40}
      height={40}
      referrerpolicy="no-referrer"
    />
  )
}
