import type { VNode } from 'preact'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { ButtonLink } from '../../http/parts/button.tsx'
import { Tick } from '../../http/parts/sign.tsx'
import { plain, type Words } from '../../http/words/words.ts'

export interface RecoveredProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  /** Recovery codes that still work. */
  readonly left: number
  readonly onwardHref: string
  readonly twoStepHref: string
}

/** After a recovery code: how many there are still, and what to do if the authenticator is lost. */
export function recoveredView(props: RecoveredProps): VNode {
  const { words, app, left } = props
  const said = words.mfa.recovered
  return (
    <>
      <AppHeader
        sign={<Tick />}
        title={said.title}
        lead={left === 0 ? said.none : said.left(left)}
      />
      <p>{said.advice}</p>
      <div class="actions">
        <ButtonLink href={props.onwardHref}>
          {app === undefined
            ? words.actions.continue
            : words.actions.continueTo(<bdi>{app.name}</bdi>)}
        </ButtonLink>
        <ButtonLink look="secondary" href={props.twoStepHref}>
          {said.look}
        </ButtonLink>
      </div>
    </>
  )
}

export interface FactorDueProps {
  readonly words: Words
  readonly app?: AppIdentity | undefined
  /** The day from which a second factor is needed, in words. */
  readonly day: string
  readonly setUpHref: string
  readonly onwardHref: string
}

/** After a sign-in in the time of grace: from when on a second factor is needed. */
export function factorDueView({ words, app, day, setUpHref, onwardHref }: FactorDueProps): VNode {
  const said = words.mfa.due
  return (
    <>
      <AppHeader app={app} title={said.title} lead={plain(said.lead(day))} />
      <p>{said.why}</p>
      <div class="actions">
        <ButtonLink href={setUpHref}>{said.setUp}</ButtonLink>
        <ButtonLink look="quiet" href={onwardHref}>
          {said.later}
        </ButtonLink>
      </div>
    </>
  )
}
