import type { VNode } from 'preact'
import { appIdentity } from '../../http/app-identity.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { paths } from '../../http/paths.ts'
import type { SecondStep } from '../../http/sign-in/second-step.ts'
import type { Words } from '../../http/words/words.ts'

/** The way out of a second step: to the application with a refusal, or to where the person came from. */
export function Cancel(props: {
  readonly words: Words
  readonly step: Pick<SecondStep, 'kind' | 'current'>
}): VNode {
  const { words, step } = props
  if (step.current === undefined)
    return (
      <ButtonLink look="quiet" href={step.kind === 'step-up' ? paths.account : paths.home}>
        {words.login.cancel}
      </ButtonLink>
    )
  const { name } = appIdentity(step.current.request.client)
  return (
    <Button look="quiet" name="decision" value="deny" skipValidation>
      {words.login.cancelTo(<bdi>{name}</bdi>)}
    </Button>
  )
}
