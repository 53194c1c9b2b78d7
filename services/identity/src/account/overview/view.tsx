import type { VNode } from 'preact'
import type { LogEntry } from '../../domain/security-log/own-log.ts'
import type { Moments } from '../../http/language/moments.ts'
import { Avatar } from '../../http/parts/avatar.tsx'
import { ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { EmailText } from '../../http/parts/email-text.tsx'
import { LogItems } from '../../http/parts/log-items.tsx'
import { Moment } from '../../http/parts/moment.tsx'
import { Row, Rows } from '../../http/parts/rows.tsx'
import { paths } from '../../http/paths.ts'
import type { Words } from '../../http/words/words.ts'

export interface OverviewProps {
  readonly words: Words
  readonly moments: Moments
  readonly name: string | undefined
  readonly picture: string | undefined
  readonly email: string
  readonly emailVerified: boolean
  readonly passwordChangedAt: Date | undefined
  readonly hasSecondFactor: boolean
  readonly deviceCount: number
  readonly appCount: number
  readonly latest: readonly LogEntry[]
}

/** The first page of an account: whose it is, how one signs in, where it is in use, what happened last. */
export function overviewView(props: OverviewProps): VNode {
  const { words, name, email } = props
  return (
    <>
      <header class="room-head greeting">
        <Avatar name={name ?? email} picture={props.picture} />
        <div>
          <h1>{words.overview.greeting(<bdi>{name ?? email}</bdi>)}</h1>
          <p class="lead">
            <EmailText email={email} />
          </p>
        </div>
        <ButtonLink look="secondary" href={paths.profile}>
          {words.overview.editProfile}
        </ButtonLink>
      </header>
      <SignInCard {...props} />
      <AccessCard {...props} />
      {props.latest.length > 0 && (
        <Card
          id="activity"
          title={words.overview.activity}
          action={<a href={paths.securityLog}>{words.overview.wholeLog}</a>}
        >
          <LogItems words={words} entries={props.latest} said={props.moments.full} />
        </Card>
      )}
    </>
  )
}

function SignInCard(props: OverviewProps): VNode {
  const { words, moments, email, emailVerified, passwordChangedAt } = props
  const { signIn, verified, unverified, passwordChanged, noPassword, change } = words.overview
  const { sections } = words.account
  const { state } = words.twoStep
  return (
    <Card id="sign-in" title={signIn}>
      <Rows>
        <Row
          label={sections.email}
          action={<Onward href={paths.email} text={change} of={sections.email} />}
        >
          <EmailText email={email} />
          <span class={emailVerified ? 'badge' : 'badge warn'}>
            {emailVerified ? verified : unverified}
          </span>
        </Row>
        <Row
          label={sections.password}
          action={<Onward href={paths.password} text={change} of={sections.password} />}
        >
          {passwordChangedAt === undefined ? (
            noPassword
          ) : (
            <Moment at={passwordChangedAt} said={(at) => passwordChanged(moments.day(at))} />
          )}
        </Row>
        <Row
          label={words.twoStep.title}
          action={
            <Onward
              href={paths.twoStep}
              text={props.hasSecondFactor ? state.manage : state.setUp}
              of={words.twoStep.title}
            />
          }
        >
          {props.hasSecondFactor ? state.on : state.off}
        </Row>
      </Rows>
    </Card>
  )
}

function AccessCard({ words, deviceCount, appCount }: OverviewProps): VNode {
  const { access, devices, apps, appsNone, show } = words.overview
  return (
    <Card id="access" title={access}>
      <Rows>
        <Row label={devices} action={<Onward href={paths.sessions} text={show} of={devices} />}>
          {deviceCount}
        </Row>
        <Row label={apps} action={<Onward href={paths.apps} text={show} of={apps} />}>
          {appCount === 0 ? appsNone : appCount}
        </Row>
      </Rows>
    </Card>
  )
}

/** A link that says to those who hear it alone what it is about. */
function Onward(props: {
  readonly href: string
  readonly text: string
  readonly of: string
}): VNode {
  return (
    <a href={props.href}>
      {props.text}
      <span class="visually-hidden">: {props.of}</span>
    </a>
  )
}
