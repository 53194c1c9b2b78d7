import type { ComponentChildren, VNode } from 'preact'

export interface ButtonProps {
  readonly children: ComponentChildren
  /** Primary is the step's expected way on; there is one per form. Danger is for what cannot be taken back. */
  readonly look?: 'primary' | 'secondary' | 'quiet' | 'danger' | undefined
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly value?: string | undefined
  /** For ways out of a form whose fields are still empty. */
  readonly skipValidation?: boolean | undefined
}

/** A submit button. */
export function Button(props: ButtonProps): VNode {
  const { children, look = 'primary', id, name, value, skipValidation } = props
  return (
    <button
      type="submit"
      class={`button ${look}`}
      id={id}
      name={name}
      value={value}
      formnovalidate={skipValidation}
    >
      {children}
    </button>
  )
}

/** A link that looks like a button, for ways on that change nothing. */
export function ButtonLink(props: {
  readonly href: string
  readonly look?: ButtonProps['look']
  readonly children: ComponentChildren
}): VNode {
  return (
    <a class={`button ${props.look ?? 'primary'}`} href={props.href}>
      {props.children}
    </a>
  )
}
