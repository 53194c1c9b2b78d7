import type { ComponentChildren, InputHTMLAttributes, VNode } from 'preact'
import type { ProfileFaults, ProfileField } from '../../domain/users/parse-profile.ts'
import { Button, ButtonLink } from '../../http/parts/button.tsx'
import { Card } from '../../http/parts/card.tsx'
import { ErrorSummary } from '../../http/parts/error-summary.tsx'
import { Field } from '../../http/parts/field.tsx'
import { Form } from '../../http/parts/form.tsx'
import { Notice } from '../../http/parts/notice.tsx'
import { RoomHeader } from '../../http/parts/room-header.tsx'
import type { Words } from '../../http/words/words.ts'

export interface ProfileProps {
  readonly words: Words
  readonly action: string
  readonly csrf: string
  readonly values: Readonly<Partial<Record<ProfileField, string | undefined>>>
  readonly faults: ProfileFaults
  /** Where the person confirms who it is; set when that must be done before anything is changed. */
  readonly confirmHref?: string | undefined
  readonly notice?: string | undefined
}

const GROUPS = {
  about: [
    'name',
    'given_name',
    'middle_name',
    'family_name',
    'nickname',
    'preferred_username',
    'birthdate',
    'gender',
  ],
  links: ['picture', 'website', 'profile'],
  places: ['locale', 'zoneinfo', 'phone_number'],
  address: ['street_address', 'postal_code', 'locality', 'region', 'country'],
} as const satisfies Record<string, readonly ProfileField[]>

const link = { type: 'url', inputmode: 'url', dir: 'ltr' } as const

/** What browsers know to fill in (HTML, autofill field names), and how each is typed. */
const INPUTS: Readonly<Record<ProfileField, InputHTMLAttributes>> = {
  name: { autocomplete: 'name' },
  given_name: { autocomplete: 'given-name' },
  middle_name: { autocomplete: 'additional-name' },
  family_name: { autocomplete: 'family-name' },
  nickname: { autocomplete: 'nickname' },
  // "username" would invite password managers to put the e-mail address here.
  preferred_username: { autocomplete: 'off', autocapitalize: 'none', spellcheck: false },
  gender: { autocomplete: 'sex' },
  birthdate: { autocomplete: 'bday', dir: 'ltr' },
  picture: { ...link, autocomplete: 'photo' },
  website: { ...link, autocomplete: 'url' },
  profile: { ...link, autocomplete: 'off' },
  locale: { autocomplete: 'language', autocapitalize: 'none', spellcheck: false, dir: 'ltr' },
  zoneinfo: { autocomplete: 'off', spellcheck: false, dir: 'ltr' },
  phone_number: { type: 'tel', autocomplete: 'tel', dir: 'ltr' },
  street_address: { autocomplete: 'street-address' },
  postal_code: { autocomplete: 'postal-code' },
  locality: { autocomplete: 'address-level2' },
  region: { autocomplete: 'address-level1' },
  country: { autocomplete: 'country-name' },
}

/** The form of the standard claims that are the person's own. */
export function profileView(props: ProfileProps): VNode {
  const { words, faults, confirmHref, notice } = props
  const { title, lead, groups, problems, submit } = words.profile
  const names = Object.keys(faults) as ProfileField[]
  return (
    <>
      <RoomHeader title={title} lead={lead} />
      {notice !== undefined && <Notice>{notice}</Notice>}
      {names.length > 0 && (
        <ErrorSummary
          words={words}
          problems={names.map((field) => ({
            field,
            text: `${words.profile.fields[field]}: ${problems[faults[field] ?? 'characters']}`,
          }))}
        />
      )}
      {confirmHref !== undefined && <Confirm words={words} href={confirmHref} />}
      <Form action={props.action} csrf={props.csrf}>
        <fieldset disabled={confirmHref !== undefined}>
          {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
            <Card key={group} id={group} title={groups[group]}>
              <div class="fields">
                {GROUPS[group].map((field) => (
                  <ProfileInput key={field} {...props} field={field} />
                ))}
              </div>
            </Card>
          ))}
        </fieldset>
        {confirmHref === undefined && (
          <div class="actions">
            <Button>{submit}</Button>
          </div>
        )}
      </Form>
    </>
  )
}

function Confirm({ words, href }: { readonly words: Words; readonly href: string }): VNode {
  return (
    <div class="panel">
      <p>{words.profile.confirm}</p>
      <ButtonLink href={href}>{words.profile.confirmAction}</ButtonLink>
    </div>
  )
}

function ProfileInput(props: ProfileProps & { readonly field: ProfileField }): VNode {
  const { words, values, faults, field } = props
  const fault = faults[field]
  return (
    <Field
      name={field}
      label={words.profile.fields[field]}
      hint={hintOf(words, field)}
      problem={fault === undefined ? undefined : words.profile.problems[fault]}
      lines={field === 'street_address' ? 2 : undefined}
      input={{ ...INPUTS[field], value: values[field] ?? '' }}
    />
  )
}

function hintOf({ profile: { hints } }: Words, field: ProfileField): ComponentChildren {
  const example = (text: string) => <bdi dir="ltr">{text}</bdi>
  switch (field) {
    case 'birthdate':
      return hints.birthdate(example('1990-12-31'))
    case 'picture':
      return hints.picture
    case 'locale':
      return hints.locale(example('de-AT'))
    case 'zoneinfo':
      return hints.zoneinfo(example('Europe/Berlin'))
    case 'phone_number':
      return hints.phone_number(example('+44 20 7946 0123'))
    default:
      return undefined
  }
}
