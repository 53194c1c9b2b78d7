import type { ComponentChildren, InputHTMLAttributes, VNode } from 'preact'

export interface FieldProps {
  readonly name: string
  readonly label: ComponentChildren
  readonly input: InputHTMLAttributes
  /** Several lines of text: how many are shown. */
  readonly lines?: number | undefined
  readonly hint?: ComponentChildren
  /** Text shown at the field. */
  readonly problem?: string | undefined
  /** Id of an explanation elsewhere on the page, when the fault is not of this field alone. */
  readonly faultId?: string | undefined
  /** Something beside the input, such as the show button of a password. */
  readonly adornment?: VNode | undefined
  /** Something below the input, before its problem. */
  readonly after?: VNode | undefined
}

/** A labelled input, its hint and its problem, tied together for assistive technology. */
export function Field(props: FieldProps): VNode {
  const { name, label, input, lines, hint, problem, faultId, adornment, after } = props
  const hintId = hint === undefined ? undefined : `${name}-hint`
  const problemId = problem === undefined ? undefined : `${name}-problem`
  const described = [hintId, problemId, faultId].filter((id) => id !== undefined).join(' ')
  const ties = {
    id: name,
    name,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': problem !== undefined || faultId !== undefined ? ('true' as const) : undefined,
  }
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      <div class="control">
        {lines === undefined ? (
          <input {...input} {...ties} />
        ) : (
          <textarea {...ties} rows={lines} autocomplete={input.autocomplete} value={input.value} />
        )}
        {adornment}
      </div>
      {after}
      {problem !== undefined && (
        <p class="problem" id={problemId}>
          {problem}
        </p>
      )}
    </div>
  )
}
