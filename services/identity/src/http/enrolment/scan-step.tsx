import type { VNode } from 'preact'
import { grouped } from '../../domain/factors/totp.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { CodeField } from '../parts/code-field.tsx'
import type { Problem } from '../parts/error-summary.tsx'
import { Field } from '../parts/field.tsx'
import type { Words } from '../words/words.ts'
import type { Proving } from './enrolments.ts'
import { QrCode } from './qr-code.tsx'

/** Some of those that it was made for and tried with; names stay as they are in every language. */
const APPS = 'Google Authenticator, Microsoft Authenticator, Authy, 1Password, Bitwarden, Aegis'

export interface ScanStepProps {
  readonly words: Words
  readonly secret: string
  /** The address that an authenticator app reads. */
  readonly uri: string
  readonly name: string
  readonly problems: ScanProblems
}

/** Texts by field; `form` is for what belongs to none. */
export interface ScanProblems {
  readonly name?: string | undefined
  readonly code?: string | undefined
  readonly form?: string | undefined
}

/** Why a first code was not taken, in words. */
export function scanProblems(
  { twoStep }: Words,
  proving: Exclude<Proving, { kind: 'proved' }>,
): ScanProblems {
  const { problems } = twoStep
  if (proving.kind === 'exhausted') return { form: problems.exhausted }
  const { code, name } = proving
  return {
    code: code === undefined ? undefined : problems[code],
    name: name ? problems.name : undefined,
  }
}

/** The problems as the summary on top of the page lists them. */
export function scanSummary({ form, name, code }: ScanProblems): Problem[] {
  return [
    ...(form === undefined ? [] : [{ text: form }]),
    ...(name === undefined ? [] : [{ text: name, field: 'name' }]),
    ...(code === undefined ? [] : [{ text: code, field: 'code' }]),
  ]
}

/** The fields of the form that sets up an authenticator app: its picture or key, then the first code. */
export function ScanStep({ words, secret, uri, name, problems }: ScanStepProps): VNode {
  const said = words.twoStep.enrol
  return (
    <>
      <ol class="walk">
        <li>
          <p>{said.get(<bdi dir="ltr">{APPS}</bdi>)}</p>
        </li>
        <li>
          <p>{said.scan}</p>
          <QrCode text={uri} label={said.picture} />
          <p class="hint">{said.otherwise}</p>
          <div class="key">
            <Key secret={secret} label={said.key} />
            <CopyButton words={words} source="key" label={said.copyKey} />
          </div>
          <p class="hint">{said.keyKind}</p>
          <p class="instead">
            <a href={uri}>{said.open}</a>
          </p>
        </li>
        <li>
          <p>{said.enter}</p>
        </li>
      </ol>
      <CodeField label={said.code} hint={said.codeHint} problem={problems.code} />
      <Field
        name="name"
        label={
          <>
            {said.name} <span class="optional">({words.fields.optional})</span>
          </>
        }
        hint={said.nameHint}
        problem={problems.name}
        input={{ type: 'text', autocomplete: 'off', dir: 'auto', value: name }}
      />
    </>
  )
}

/** The key in groups of four that are apart to the eye only: copied, it has no spaces. */
function Key({ secret, label }: { readonly secret: string; readonly label: string }): VNode {
  return (
    <code id="key" dir="ltr" aria-label={label} role="group">
      {grouped(secret)
        .split(' ')
        .map((group, at) => (
          <span key={`${at} ${group}`}>{group}</span>
        ))}
    </code>
  )
}
