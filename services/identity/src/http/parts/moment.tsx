import type { VNode } from 'preact'

/** A point in time, in words for people and exact for programs. */
export function Moment(props: { readonly at: Date; readonly said: (at: Date) => string }): VNode {
  const { at, said } = props
  return <time dateTime={at.toISOString()}>{said(at)}</time>
}
