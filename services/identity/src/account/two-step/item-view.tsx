import type { VNode } from 'preact'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { authenticatorPath, paths, replaceAuthenticatorPath } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

interface ItemProps {
  readonly words: Words
  readonly csrf: string
  readonly id: string
  readonly name: string
}

export interface AuthenticatorProps extends ItemProps {
  /** What stands in the field. */
  readonly typed: string
  readonly problem: string | undefined
}

/** One authenticator app: its name, and the ways to replace and to remove it. */
export function authenticatorView(props: AuthenticatorProps): VNode {
  const { words, csrf, id, name, typed, problem } = props
  const said = words.twoStep.item
  return (
    <>
      <RoomHeader title={said.title(<bdi>{name}</bdi>)} />
      {problem !== undefined && (
        <ErrorSummary words={words} problems={[{ text: problem, field: 'name' }]} />
      )}
      <section class="panel">
        <Form action={authenticatorPath('authenticator', id)} csrf={csrf}>
          <Field
            name="name"
            label={said.name}
            problem={problem}
            input={{ type: 'text', autocomplete: 'off', dir: 'auto', required: true, value: typed }}
          />
          <div class="actions">
            <Button>{said.rename}</Button>
          </div>
        </Form>
      </section>
      <section class="panel">
        <p class="onward-list">
          <a href={replaceAuthenticatorPath(id)}>{said.replace}</a>
          <a href={authenticatorPath('removeAuthenticator', id)}>{said.remove}</a>
          <a href={paths.twoStep}>{said.back}</a>
        </p>
      </section>
    </>
  )
}

export interface RemoveProps extends ItemProps {
  /** It is the only second step of the person. */
  readonly isLast: boolean
  /** The policy asks for one, so that it has to stay. */
  readonly mustStay: boolean
}

/** Asks before an authenticator app is removed: what that means, yes or no. */
export function removeView({ words, csrf, id, name, isLast, mustStay }: RemoveProps): VNode {
  const said = words.twoStep.item
  if (mustStay)
    return (
      <>
        <RoomHeader title={said.removeTitle(<bdi>{name}</bdi>)} />
        <ErrorSummary words={words} problems={[{ text: said.mustKeep }]} />
        <section class="panel">
          <div class="actions pair">
            <ButtonLink href={paths.addAuthenticator}>
              {words.twoStep.authenticators.addAnother}
            </ButtonLink>
            <ButtonLink look="secondary" href={paths.twoStep}>
              {said.keep}
            </ButtonLink>
          </div>
        </section>
      </>
    )
  const { off, codes, trusted } = said.lastEffects
  return (
    <>
      <RoomHeader title={said.removeTitle(<bdi>{name}</bdi>)} />
      <section class="panel">
        <p>{said.removeLead}</p>
        {isLast && (
          <>
            <p>{said.removeLastLead}</p>
            <ul class="plain-list">
              <li>{off}</li>
              <li>{codes}</li>
              <li>{trusted}</li>
            </ul>
          </>
        )}
        <Form action={authenticatorPath('removeAuthenticator', id)} csrf={csrf}>
          <div class="actions pair">
            <Button look="danger">{said.remove}</Button>
            <ButtonLink look="secondary" href={paths.twoStep}>
              {said.keep}
            </ButtonLink>
          </div>
        </Form>
      </section>
    </>
  )
}
