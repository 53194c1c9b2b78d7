import type { ComponentChildren, InputHTMLAttributes, VNode } from 'preact'

export interface FieldProps {
  readonly name: string
  readonly label: ComponentChildren
  readonly input: InputHTMLAttributes
  readonly hint?: string | undefined
  /** Text shown at the field. */
  readonly problem?: string | undefined
  /** Id of an explanation elsewhere on the page, when the fault is not of this field alone. */
  readonly faultId?: string | undefined
  /** Something beside the input, such as the show button of a password. */
  readonly adornment?: VNode | undefined
}

/** A labelled input, its hint and its problem, tied together for assistive technology. */
export function Field(props: FieldProps): VNode {
  const { name, label, input, hint, problem, faultId, adornment } = props
  const hintId = hint === undefined ? undefined : `${name}-hint`
  const problemId = problem === undefined ? undefined : `${name}-problem`
  const described = [hintId, problemId, faultId].filter((id) => id !== undefined).join(' ')
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      <div class="control">
        <input
          {...input}
          id={name}
          name={name}
          aria-describedby={described === '' ? undefined : described}
          aria-invalid={problem !== undefined || faultId !== undefined ? 'true' : undefined}
        />
        {adornment}
      </div>
      {problem !== undefined && (
        <p class="problem" id={problemId}>
          {problem}
        </p>
      )}
    </div>
  )
}
