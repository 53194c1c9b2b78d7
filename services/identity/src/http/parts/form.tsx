import type { ComponentChildren, VNode } from 'preact'

/** The one form of a step: it always carries the anti-forgery token. */
export function Form(props: {
  readonly action: string
  readonly csrf: string
  readonly children: ComponentChildren
}): VNode {
  return (
    <form method="post" action={props.action}>
      <input type="hidden" name="csrf" value={props.csrf} />
      {props.children}
    </form>
  )
}
