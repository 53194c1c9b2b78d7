import { html } from './html.ts'
import type { View } from './page.ts'

const HOLDERS = {
  bff: [
    'Your browser holds no token',
    'The app’s backend keeps them sealed in a cookie that scripts cannot read.',
  ],
  tmb: [
    'Your browser holds little',
    'Scripts get an access token for ten minutes, in memory. What lasts stays in the backend.',
  ],
} as const

/** The front page of somebody who is not signed in. */
export function signedOutView(issuer: string, mode: 'bff' | 'tmb', problem?: string): View {
  const { host } = new URL(issuer)
  const [title, text] = HOLDERS[mode]
  const alert =
    problem === undefined ? undefined : html`<p class="alert" role="alert">${problem}</p>`
  return {
    title: problem === undefined ? 'Demo notes' : 'Error: sign-in · Demo notes',
    aside: undefined,
    main: html`<section class="welcome">
        ${alert}
        <h1>Small notes,<br />kept behind a proper door.</h1>
        <p class="lead">
          This is a notebook with one page. It exists to show what signing in looks like when it is
          done with care.
        </p>
        <p><a class="button primary" id="sign-in" href="/bff/login">Sign in with Signet</a></p>
      </section>
      <ol class="steps" aria-label="What happens when you sign in">
        <li>
          <h2>You tell Signet who you are</h2>
          <p>Your password goes to <b>${host}</b> and nowhere else. This app never sees it.</p>
        </li>
        <li>
          <h2>You decide what it may do</h2>
          <p>Read your notes, change your notes: no more than what you allow.</p>
        </li>
        <li>
          <h2>${title}</h2>
          <p>${text}</p>
        </li>
      </ol>`,
  }
}

/** The front page where no client is configured: the API works, signing in does not. */
export function notConfiguredView(): View {
  return {
    title: 'Demo notes',
    aside: undefined,
    main: html`<section class="welcome">
      <h1>The API is up.<br />Sign-in is not configured.</h1>
      <p class="lead">
        This service answers access tokens on <code>/notes</code>. For people to sign in on this
        page, start it with <code>CLIENT_ID</code>, <code>CLIENT_SECRET</code> and
        <code>SESSION_KEY</code>, and register <code>/bff/callback</code> as the client’s redirect
        URI.
      </p>
    </section>`,
  }
}
