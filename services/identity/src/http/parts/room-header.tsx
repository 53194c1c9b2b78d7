import type { ComponentChildren, VNode } from 'preact'

/** Opens an account page: what it is about. */
export function RoomHeader(props: {
  readonly title: ComponentChildren
  readonly lead?: ComponentChildren
}): VNode {
  const { title, lead } = props
  return (
    <header class="room-head">
      <h1>{title}</h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
    </header>
  )
}
