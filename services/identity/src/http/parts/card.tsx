import type { ComponentChildren, VNode } from 'preact'

export interface CardProps {
  readonly title: ComponentChildren
  /** Unique on the page: names the section and is the target of links to it. */
  readonly id: string
  readonly lead?: ComponentChildren
  /** The way on from here, such as "Change"; shown beside the title. */
  readonly action?: VNode | undefined
  /** Danger is for what cannot be taken back. */
  readonly tone?: 'plain' | 'danger' | undefined
  readonly children?: ComponentChildren
}

/** A titled part of an account page. */
export function Card(props: CardProps): VNode {
  const { title, id, lead, action, tone = 'plain', children } = props
  return (
    <section class={tone === 'plain' ? 'panel' : `panel ${tone}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {action}
        {lead !== undefined && <p class="hint">{lead}</p>}
      </header>
      {children}
    </section>
  )
}
