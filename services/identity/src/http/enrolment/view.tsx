import type { ComponentChildren, VNode } from 'preact'
import { AppHeader } from '../parts/app-header.tsx'
import type { AppIdentity } from '../parts/app-identity.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { ErrorSummary } from '../parts/error-summary.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import type { Words } from '../words/words.ts'
import { CodesStep, type CodesStepProps } from './codes-step.tsx'
import { ScanStep, type ScanStepProps, scanSummary } from './scan-step.tsx'

interface SetupProps {
  readonly words: Words
  readonly csrf: string
  readonly action: string
  /** The application that the person is on the way to. */
  readonly app?: AppIdentity | undefined
  /** Where a person goes who gives up; undefined where the application is told of it by the form. */
  readonly cancelHref: string | undefined
}

export interface ScanProps extends SetupProps, ScanStepProps {
  /** In the middle of a sign-in that goes no further without. */
  readonly forced?: boolean
  /** The name of the one that the new one takes the place of. */
  readonly replaces?: string | undefined
  /** A set-up took too long, so that this is another one. */
  readonly again: boolean
  /** The way to set up a passkey in its place. */
  readonly passkeyHref?: string | undefined
}

/** The picture to scan and the field for the first code. */
export function scanView(props: ScanProps): VNode {
  const { words, app, again, passkeyHref } = props
  const { enrol, forced } = words.twoStep
  const problems = scanSummary(props.problems)
  return (
    <>
      <AppHeader app={app} {...headingOf(props)} />
      {problems.length > 0 && <ErrorSummary words={words} problems={problems} />}
      {again && problems.length === 0 && <Notice>{enrol.again}</Notice>}
      <Form action={props.action} csrf={props.csrf}>
        <ScanStep {...props} />
        <div class="actions">
          <Button>{enrol.submit}</Button>
          {passkeyHref !== undefined && (
            <ButtonLink look="quiet" href={passkeyHref}>
              {forced.passkey}
            </ButtonLink>
          )}
          <Cancel {...props} />
        </div>
      </Form>
    </>
  )
}

function headingOf({ words, app, forced: isForced = false, replaces }: ScanProps): {
  readonly title: ComponentChildren
  readonly lead: ComponentChildren
} {
  const { enrol, forced } = words.twoStep
  if (isForced) {
    const lead = app === undefined ? forced.lead : forced.leadFor(<bdi>{app.name}</bdi>)
    return { title: forced.title, lead }
  }
  return replaces === undefined
    ? { title: enrol.title, lead: enrol.lead }
    : { title: enrol.replaceTitle(<bdi>{replaces}</bdi>), lead: enrol.replaceLead }
}

export interface SaveCodesProps extends SetupProps, CodesStepProps {
  /** They take the place of a set that the person has. */
  readonly renews?: boolean
}

/** The recovery codes, and the button that says that they are saved. */
export function saveCodesView(props: SaveCodesProps): VNode {
  const { words, app, renews = false } = props
  const said = words.twoStep.codes
  return (
    <>
      <AppHeader
        app={app}
        title={renews ? said.renewTitle : said.savingTitle}
        lead={said.savingLead}
      />
      {renews && <p>{said.renewLead}</p>}
      <CodesStep {...props} />
      <Form action={props.action} csrf={props.csrf}>
        <div class="actions">
          <Button>{said.saved}</Button>
          <Cancel {...props} />
        </div>
      </Form>
    </>
  )
}

function Cancel({ words, app, cancelHref }: SetupProps): VNode {
  if (cancelHref !== undefined)
    return (
      <ButtonLink look="quiet" href={cancelHref}>
        {words.twoStep.enrol.cancel}
      </ButtonLink>
    )
  return (
    <Button look="quiet" name="decision" value="deny" skipValidation>
      {app === undefined ? words.login.cancel : words.login.cancelTo(<bdi>{app.name}</bdi>)}
    </Button>
  )
}
