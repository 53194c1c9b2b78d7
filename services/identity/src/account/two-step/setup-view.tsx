import type { VNode } from 'preact'
import { CodesStep } from '../../http/enrolment/codes-step.tsx'
import { ScanStep, type ScanStepProps, scanSummary } from '../../http/enrolment/scan-step.tsx'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

interface SetupProps {
  readonly words: Words
  readonly csrf: string
  readonly action: string
}

export interface ScanProps extends SetupProps, ScanStepProps {
  /** The name of the one that the new one takes the place of. */
  readonly replaces: string | undefined
  /** A set-up took too long, so that this is another one. */
  readonly again: boolean
}

/** The picture to scan and the field for the first code. */
export function scanView(props: ScanProps): VNode {
  const { words, csrf, action, replaces, again } = props
  const said = words.twoStep.enrol
  const problems = scanSummary(props.problems)
  return (
    <>
      <RoomHeader
        title={replaces === undefined ? said.title : said.replaceTitle(<bdi>{replaces}</bdi>)}
        lead={replaces === undefined ? said.lead : said.replaceLead}
      />
      {problems.length > 0 && <ErrorSummary words={words} problems={problems} />}
      {again && problems.length === 0 && <Notice>{said.again}</Notice>}
      <section class="panel enrolment">
        <Form action={action} csrf={csrf}>
          <ScanStep {...props} />
          <div class="actions pair">
            <Button>{said.submit}</Button>
            <ButtonLink look="secondary" href={paths.twoStep}>
              {said.cancel}
            </ButtonLink>
          </div>
        </Form>
      </section>
    </>
  )
}

export interface SaveCodesProps extends SetupProps {
  readonly codes: readonly string[]
  readonly fileHref: string
  /** They take the place of a set that the person has. */
  readonly renews?: boolean
}

/** The recovery codes, and the button that says that they are saved. */
export function saveCodesView(props: SaveCodesProps): VNode {
  const { words, csrf, action, renews = false } = props
  const said = words.twoStep.codes
  return (
    <>
      <RoomHeader title={renews ? said.renewTitle : said.savingTitle} lead={said.savingLead} />
      <section class="panel enrolment">
        {renews && <p>{said.renewLead}</p>}
        <CodesStep {...props} />
        <Form action={action} csrf={csrf}>
          <div class="actions pair">
            <Button>{said.saved}</Button>
            <ButtonLink look="secondary" href={paths.twoStep}>
              {said.cancel}
            </ButtonLink>
          </div>
        </Form>
      </section>
    </>
  )
}
