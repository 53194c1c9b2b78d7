import type { Phrase } from './phrase.ts'
import type { AccountWords } from './sections/account.ts'
import type { FaultsWords } from './sections/faults.ts'
import type { AppsWords } from './sections/apps.ts'
import type { DevicesWords } from './sections/devices.ts'
import type { OverviewWords } from './sections/overview.ts'
import type { ProfileWords } from './sections/profile.ts'
import type { SecurityLogWords } from './sections/security-log.ts'
import type { AccountsWords } from './sections/accounts.ts'
import type { ApiWords } from './sections/api.ts'
import type { ChangeWords } from './sections/change.ts'
import type { FactorsResetWords } from './sections/factors-reset.ts'
import type { InvitationWords } from './sections/invitation.ts'
import type { LeavingWords } from './sections/leaving.ts'
import type { MfaWords } from './sections/mfa.ts'
import type { SignInCodeWords } from './sections/sign-in-code.ts'
import type { SignInWords } from './sections/sign-in.ts'
import type { UpstreamWords } from './sections/upstream.ts'
import type { PasskeysWords } from './sections/passkeys.ts'
import type { PasswordWords } from './sections/passwords.ts'
import type { TwoStepWords } from './sections/two-step.ts'

/** Every fault a person can meet on a page of ours. */
export type ErrorKind =
  | 'unknown_client'
  | 'redirect_uri_not_registered'
  | 'invalid_request'
  | 'page_expired'
  | 'forbidden_form'
  | 'post_logout_redirect_uri_not_registered'
  | 'bad_id_token_hint'
  | 'setup_link_used'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_many_requests'
  | 'server_error'
  | 'unavailable'

export type StandardScope = 'openid' | 'profile' | 'email' | 'address' | 'phone' | 'offline_access'

/** What an error page says: the heading, what happened, what one can do now. */
export interface ErrorWords {
  readonly title: string
  readonly what: string
  readonly next: string
}

/** Every visible string of the hosted pages in one language; a new language is one more file of this shape. */
export interface Words {
  readonly product: string
  readonly errorPrefix: string
  readonly footer: {
    readonly usedBy: Phrase
    /** Names the choice of languages. */
    readonly language: string
  }
  readonly summary: { readonly title: string }
  readonly app: {
    readonly website: string
    readonly policy: string
    readonly terms: string
    /** Label of the group of links that belong to the application. */
    readonly links: Phrase
  }
  readonly fields: {
    readonly name: string
    readonly email: string
    readonly password: string
    readonly optional: string
    readonly show: string
    readonly showPassword: string
    readonly hide: string
    readonly hidePassword: string
  }
  readonly wait: {
    readonly throttled: (seconds: number) => string
    readonly busy: (seconds: number) => string
    /** Shown by the countdown script; `{time}` becomes minutes and seconds. */
    readonly counting: string
    readonly over: string
  }
  readonly login: {
    readonly title: string
    readonly titleFor: Phrase
    readonly reauthenticateTitle: string
    readonly reauthenticate: string
    readonly reauthenticateFor: Phrase
    readonly switchingFrom: Phrase
    readonly submit: string
    readonly cancel: string
    readonly cancelTo: Phrase
    readonly wrong: string
    readonly missing: { readonly email: string; readonly password: string }
  }
  readonly consent: {
    readonly title: Phrase
    readonly lead: string
    readonly newScope: string
    readonly notYou: string
    readonly useAnother: string
    readonly allow: string
    readonly deny: string
    readonly next: Phrase
    readonly fullAddress: string
  }
  /** What the scopes of OIDC Core 1.0 §5.4 and §11 let an application do. */
  readonly scopes: Readonly<Record<StandardScope, string>>
  readonly selectAccount: {
    readonly title: string
    readonly lead: Phrase
    readonly other: string
  }
  readonly signOut: {
    readonly title: string
    readonly ask: string
    readonly askFor: Phrase
    readonly yes: string
    readonly no: string
    readonly doneTitle: string
    readonly done: string
    readonly shared: string
    readonly continueTo: Phrase
    readonly continue: string
  }
  readonly home: {
    readonly signedInTitle: string
    readonly signedIn: string
    readonly signedOutTitle: string
    readonly signedOut: string
    readonly signIn: string
    readonly signOut: string
  }
  readonly setup: {
    readonly title: string
    readonly lead: string
    readonly submit: string
    readonly doneTitle: string
    readonly done: string
    readonly doneSignIn: string
    readonly problems: {
      readonly nameTooLong: string
      readonly emailMissing: string
      readonly emailInvalid: string
      readonly emailTaken: string
    }
  }
  readonly register: {
    /** The way here from the sign-in page. */
    readonly link: string
    readonly title: string
    readonly lead: Phrase
    readonly submit: string
    readonly haveAccount: string
    readonly closedTitle: string
    readonly closed: string
    readonly invited: string
  }
  readonly verifyEmail: {
    readonly title: string
    readonly lead: Phrase
    readonly code: string
    readonly codeHint: string
    readonly submit: string
    readonly resend: string
    /** Shown by the countdown script; `{time}` becomes minutes and seconds. */
    readonly resendIn: string
    readonly resendNow: string
    readonly resent: string
    readonly nothing: string
    readonly change: string
    readonly problems: {
      readonly shape: string
      readonly wrong: string
      readonly expired: string
      readonly exhausted: string
    }
    readonly linkTitle: string
    readonly linkLead: Phrase
    readonly linkWarning: string
    readonly linkPassword: string
    readonly linkSubmit: string
    /** Said on the sign-in page after the link was used in another browser. */
    readonly created: string
  }
  readonly mails: {
    readonly registration: {
      readonly subject: string
      readonly intro: string
      readonly code: string
      readonly action: string
      readonly validity: string
      readonly notYou: string
    }
    readonly passwordReset: {
      readonly subject: string
      readonly intro: string
      readonly action: string
      readonly validity: string
      readonly notYou: string
    }
    readonly passwordChanged: {
      readonly subject: string
      readonly intro: (when: string) => string
      readonly effect: string
      readonly action: string
      readonly nothing: string
    }
    readonly alreadyRegistered: {
      readonly subject: string
      readonly intro: string
      readonly forgotten: string
      readonly action: string
      readonly notYou: string
    }
  }
  readonly forgotPassword: {
    /** The way here from the sign-in page. */
    readonly link: string
    readonly title: string
    readonly lead: string
    readonly submit: string
    readonly back: string
    readonly sentTitle: string
    readonly sent: Phrase
  }
  readonly resetPassword: {
    readonly title: string
    readonly lead: Phrase
    readonly submit: string
    readonly staleTitle: string
    readonly stale: string
    readonly again: string
    /** Said on the sign-in page afterwards. */
    readonly done: string
  }
  readonly actions: {
    readonly continueTo: Phrase
    readonly continue: string
    readonly startAgain: string
    readonly backTo: Phrase
    readonly toHome: string
  }
  readonly account: AccountWords
  readonly change: ChangeWords
  readonly apps: AppsWords
  readonly devices: DevicesWords
  readonly overview: OverviewWords
  readonly profile: ProfileWords
  readonly securityLog: SecurityLogWords
  readonly leaving: LeavingWords
  readonly invitation: InvitationWords
  readonly factorsReset: FactorsResetWords
  readonly accounts: AccountsWords
  readonly api: ApiWords
  readonly mfa: MfaWords
  readonly signIn: SignInWords
  readonly upstream: UpstreamWords
  readonly signInCode: SignInCodeWords
  readonly passwords: PasswordWords
  readonly passkeys: PasskeysWords
  readonly twoStep: TwoStepWords
  readonly errors: Readonly<Record<ErrorKind, ErrorWords>>
  readonly faults: FaultsWords
  readonly errorDetails: {
    readonly code: string
    readonly reference: string
    readonly time: string
    readonly expected: string
    readonly received: string
    readonly copy: string
    readonly copied: string
    readonly when: (at: Date) => string
  }
}

/** Joins a phrase whose inset is plain text, for places that hold no markup. */
export function plain(phrase: readonly string[]): string {
  return phrase.join('')
}
