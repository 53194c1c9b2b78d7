import { html } from './html.ts'
import { noteForm, noteSection } from './notes-view.ts'
import type { View } from './page.ts'
import type { SignedIn } from './signed-in.ts'
import { tokenView } from './token-view.ts'

/** The page of a signed-in person: their notes, who they are, what the access token holds. */
export function signedInView(model: SignedIn): View {
  const { user, csrfToken, token, draft } = model
  const { name, email } = person(user)
  const given = user['given_name']
  const greeting = typeof given === 'string' ? given : (name.split(' ')[0] ?? name)
  return {
    title: draft === undefined ? 'Your notes · Demo notes' : 'Error: your notes · Demo notes',
    aside: html`<form class="sign-out" method="post" action="/bff/logout">
      <input type="hidden" name="csrf_token" value="${csrfToken}" />
      <button class="button quiet" id="sign-out" type="submit">Sign out</button>
    </form>`,
    main: html`<div class="columns">
      <div class="column">
        <h1>Good to see you, <bdi>${greeting}</bdi>.</h1>
        ${noteForm(model)} ${noteSection(model)}
      </div>
      <div class="column side">
        <section class="card you" aria-labelledby="you-title">
          <h2 id="you-title">Who you are</h2>
          <div class="person">
            <span class="avatar" aria-hidden="true">${initials(name)}</span>
            <div>
              <p class="name"><bdi>${name}</bdi></p>
              <p class="soft" id="user-email"><bdi>${email}</bdi></p>
            </div>
          </div>
        </section>
        ${tokenView(token, model.mode)}
      </div>
    </div>`,
  }
}

function person(user: Readonly<Record<string, unknown>>): { name: string; email: string } {
  const text = (claim: string) => (typeof user[claim] === 'string' ? user[claim] : '')
  const email = text('email')
  const name = text('name') || text('preferred_username') || email || text('sub')
  return { name, email: email || 'no email address was shared' }
}

const SEGMENTER = new Intl.Segmenter()

/** The first letter as a reader sees it, which may be several code points. */
function firstLetter(word = ''): string {
  const [first] = SEGMENTER.segment(word)
  return first?.segment ?? ''
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/u).filter((word) => word !== '')
  const last = words.length > 1 ? words.at(-1) : undefined
  return (firstLetter(words[0]) + firstLetter(last)).toUpperCase()
}
