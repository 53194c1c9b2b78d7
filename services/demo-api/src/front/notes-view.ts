import { html, type Html } from './html.ts'
import type { NoteItem } from './notes-client.ts'
import type { SignedIn } from './signed-in.ts'
import { timeText, type TokenDescription } from './token-view.ts'

/** Where a note is written, or why it cannot be. */
export function noteForm({ csrfToken, token, draft }: SignedIn): Html {
  if (!token.scopes.includes('notes:write')) {
    return html`<p class="hint">
      You did not allow this app to change your notes; it only shows them.
    </p>`
  }
  const problem =
    draft && html`<p class="alert" id="note-problem" role="alert">${draft.problem}</p>`
  const described = draft && html`aria-describedby="note-problem"`
  return html`<form class="write" id="note-form" method="post" action="/app/notes">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <label for="note-text">A new note</label>
    <textarea id="note-text" name="text" rows="3" required ${described}>${draft?.text}</textarea>
    <div id="note-status" aria-live="polite">${problem}</div>
    <button class="button primary" id="add-note" type="submit">Add note</button>
  </form>`
}

/** The notes there are, or why they cannot be shown. An admin may look at everybody's, and delete. */
export function noteSection(model: SignedIn): Html {
  const { list, all, token } = model
  const isAdmin = rolesOf(token).includes('admin')
  const item = (note: NoteItem) => noteItem(note, model, isAdmin)
  const clear =
    !all && token.scopes.includes('notes:write')
      ? html`<a class="danger" id="delete-all" href="/delete-all">Delete all…</a>`
      : undefined
  const toggle = all
    ? html`<a href="/#notes">Only yours</a>`
    : html`<a href="/?all=true#notes">Everyone’s</a>`
  const problem = list.ok
    ? undefined
    : html`<p class="alert" role="alert">${list.problem.words}</p>`
  const notes = list.ok ? list.notes : []
  const empty =
    list.ok && notes.length === 0
      ? html`<p class="empty" id="no-notes">Nothing written yet. The margin is all yours.</p>`
      : undefined
  return html`<section class="notes" aria-labelledby="notes-title">
    <div class="line">
      <h2 id="notes-title">${all ? 'Everyone’s notes' : 'Your notes'}</h2>
      <span class="choices">${clear} ${isAdmin ? toggle : undefined}</span>
    </div>
    ${problem} ${empty}
    <ul id="notes">
      ${notes.map(item)}
    </ul>
    <template id="note-template">${item(BLANK)}</template>
  </section>`
}

// What the script fills in for a note that was just added.
const BLANK: NoteItem = { id: 'new', owner: '', text: '', created_at: new Date(0).toISOString() }

function noteItem(note: NoteItem, { csrfToken, all }: SignedIn, isAdmin: boolean): Html {
  const owner = html` · <bdi title="${note.owner}">${note.owner.slice(0, 13)}</bdi>`
  const remove = html`<form method="post" action="/app/notes/${encodeURIComponent(note.id)}/delete">
    <input type="hidden" name="csrf_token" value="${csrfToken}" />
    <button class="link" type="submit">Delete<span class="unseen"> this note</span></button>
  </form>`
  return html`<li class="note">
    <p dir="auto">${note.text}</p>
    <div class="meta">
      <span>${timeText(new Date(note.created_at))}${all && note.owner ? owner : undefined}</span>
      ${isAdmin ? remove : undefined}
    </div>
  </li>`
}

function rolesOf({ claims }: TokenDescription): readonly unknown[] {
  return Array.isArray(claims?.['roles']) ? claims['roles'] : []
}
