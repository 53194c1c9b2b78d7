import type { VNode } from 'preact'
import { initial } from './initial.ts'
import { webUrl } from '../safe-url.ts'

/** A person's picture, or the first letter of the name; the name stands beside it. */
export function Avatar(props: {
  readonly name: string
  readonly picture?: string | undefined
}): VNode {
  const picture = webUrl(props.picture)
  const letter = initial(props.name)
  if (picture === undefined)
    return (
      <span class="avatar" aria-hidden="true">
        {letter}
      </span>
    )
  return (
    <img
      class="avatar logo"
      data-initial={letter}
      src={picture}
      alt=""
      width={64}
      height={64}
      referrerpolicy="no-referrer"
    />
  )
}
