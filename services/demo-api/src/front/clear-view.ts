import { html } from './html.ts'
import type { View } from './page.ts'

export interface ClearModel {
  readonly csrfToken: string
  readonly issuer: string
  /** The person comes from showing the second factor; only the API knows what that is worth. */
  readonly proved: boolean
  /** `weak`: Signet could ask for no second factor. */
  readonly problem: string | undefined
}

/** The page in front of what cannot be undone. */
export function clearView({ csrfToken, issuer, proved, problem }: ClearModel): View {
  const factors = `${issuer}/account/two-step`
  const words =
    problem === 'weak'
      ? html`This needs a second factor, and your account has none yet.
          <a href="${factors}">Set one up with Signet</a>, then come back.`
      : problem && html`${problem}`
  const alert = words && html`<p class="alert" role="alert">${words}</p>`
  const lead = proved
    ? html`Thank you, Signet has confirmed that it is you. One more press, and your notes are gone.`
    : html`All of them, for good: nobody can bring them back. The API takes this only from somebody
      who has just shown a second factor, so Signet may ask you for yours first.`
  return {
    title: problem === undefined ? 'Delete all · Demo notes' : 'Error: delete all · Demo notes',
    aside: undefined,
    main: html`<section class="clear">
      <h1>Delete all your notes?</h1>
      ${alert}
      <p class="lead">${lead}</p>
      <form id="clear-form" method="post" action="/app/notes/delete-all">
        <input type="hidden" name="csrf_token" value="${csrfToken}" />
        <input type="hidden" name="proved" value="${proved ? '1' : ''}" />
        <div id="note-status" aria-live="polite"></div>
        <div class="choices">
          <button class="button danger" id="confirm-delete-all" type="submit">
            Yes, delete them all
          </button>
          <a class="button quiet" href="/#notes">Keep them</a>
        </div>
      </form>
    </section>`,
  }
}
