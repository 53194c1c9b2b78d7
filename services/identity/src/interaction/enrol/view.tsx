import type { VNode } from 'preact'
import { CodesStep, type CodesStepProps } from '../../http/enrolment/codes-step.tsx'
import { ScanStep, type ScanStepProps, scanSummary } from '../../http/enrolment/scan-step.tsx'
import { AppHeader } from '../../http/parts/app-header.tsx'
import type { AppIdentity } from '../../http/parts/app-identity.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import type { Words } from '../../http/words/words.ts'

interface EnrolProps {
  readonly words: Words
  readonly csrf: string
  readonly action: string
  readonly app?: AppIdentity | undefined
  /** Where a person goes who was on the way to no application; the form's own button leads back to one. */
  readonly cancelHref: string | undefined
}

export interface EnrolScanProps extends EnrolProps, ScanStepProps {
  readonly passkeyHref: string
  /** A set-up took too long, so that this is another one. */
  readonly again: boolean
}

/** The picture to scan and the field for the first code, on the way to where a second step is asked for. */
export function enrolScanView(props: EnrolScanProps): VNode {
  const { words, app, again, passkeyHref } = props
  const { forced, enrol } = words.twoStep
  const problems = scanSummary(props.problems)
  return (
    <>
      <AppHeader
        app={app}
        title={forced.title}
        lead={app === undefined ? forced.lead : forced.leadFor(<bdi>{app.name}</bdi>)}
      />
      {problems.length > 0 && <ErrorSummary words={words} problems={problems} />}
      {again && problems.length === 0 && <Notice>{enrol.again}</Notice>}
      <Form action={props.action} csrf={props.csrf}>
        <ScanStep {...props} />
        <div class="actions">
          <Button>{enrol.submit}</Button>
          <ButtonLink look="quiet" href={passkeyHref}>
            {forced.passkey}
          </ButtonLink>
          <Cancel {...props} />
        </div>
      </Form>
    </>
  )
}

export interface EnrolCodesProps extends EnrolProps, CodesStepProps {}

/** The recovery codes, and the button that says that they are saved. */
export function enrolCodesView(props: EnrolCodesProps): VNode {
  const { words, app } = props
  const { savingTitle, savingLead, saved } = words.twoStep.codes
  return (
    <>
      <AppHeader app={app} title={savingTitle} lead={savingLead} />
      <CodesStep {...props} />
      <Form action={props.action} csrf={props.csrf}>
        <div class="actions">
          <Button>{saved}</Button>
          <Cancel {...props} />
        </div>
      </Form>
    </>
  )
}

function Cancel({ words, app, cancelHref }: EnrolProps): VNode {
  if (cancelHref !== undefined)
    return (
      <ButtonLink look="quiet" href={cancelHref}>
        {words.login.cancel}
      </ButtonLink>
    )
  return (
    <Button look="quiet" name="decision" value="deny" skipValidation>
      {app === undefined ? words.login.cancel : words.login.cancelTo(<bdi>{app.name}</bdi>)}
    </Button>
  )
}
