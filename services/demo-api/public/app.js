// Everything on the page works without this file. It adds: calls of the API without a reload, the time that
// the access token has left, and times of day in the reader's own zone.

const mode = document.body.dataset['mode']
const form = document.querySelector('#note-form')
const list = document.querySelector('#notes')
const left = document.querySelector('#token-left')

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

function showLocalTime(time) {
  time.textContent = dateFormat.format(new Date(time.dateTime))
}

function showTimeLeft() {
  const seconds = Math.round(Number(left.dataset['expiresAt']) - Date.now() / 1000)
  const minutes = Math.floor(seconds / 60)
  left.textContent =
    seconds > 0
      ? `${minutes} min ${String(seconds % 60).padStart(2, '0')} s left`
      : 'used up; renewed with your next step'
}

// Mode tmb: the token lives in this variable and nowhere else.
let token

/** Takes a new token when there is none or it is old; answers what went wrong, if anything. */
async function renewToken() {
  if (token !== undefined && Date.now() < token.until) return undefined
  const answer = await fetch('/bff/token', { headers: { 'x-csrf': '1' } })
  if (!answer.ok) return answer
  const { access_token: text, expires_in: seconds } = await answer.json()
  token = { text, until: Date.now() + (seconds - 5) * 1000 }
  return undefined
}

/** Calls the API for `/notes`: in mode bff through the backend, in mode tmb by itself. */
async function callApi(request) {
  if (mode === 'tmb') {
    const refusal = await renewToken()
    if (refusal !== undefined) return refusal
    request.headers.authorization = `Bearer ${token.text}`
    return fetch('/notes', request)
  }
  request.headers['x-csrf'] = '1'
  return fetch('/bff/api/notes', request)
}

const postNote = (text) =>
  callApi({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })

/**
 * Where to prove more, if that is what the API asks for (RFC 9470): the backend says it in so many words, the
 * API itself in its challenge.
 */
async function stepUpUrl(answer) {
  const challenge = answer.headers.get('www-authenticate') ?? ''
  if (answer.status !== 401 || !challenge.includes('error="insufficient_user_authentication"'))
    return undefined
  const url = new URL('/bff/login', location.href)
  if (mode === 'bff') url.href = new URL((await answer.json()).login_url, location.href).href
  else
    for (const name of ['acr_values', 'max_age']) {
      const value = new RegExp(`[ ,]${name}="([^"]*)"`).exec(challenge)?.[1]
      if (value !== undefined) url.searchParams.set(name, value)
    }
  url.searchParams.set('return_to', '/delete-all?proved=1')
  return url.href
}

async function inWords(answer) {
  const body = await answer.json().catch(() => ({}))
  const wait = answer.headers.get('retry-after') ?? 'a few'
  switch (answer.status) {
    case 401:
      return 'Your session has ended. Keep a copy of your text, then reload the page to sign in again.'
    case 403:
      return 'The API says that this is not yours to do: the token lacks a scope or a role.'
    case 429:
      return `That was a lot at once. The API takes requests again in ${wait} seconds.`
    case 503:
      return 'The identity service does not answer at the moment. Try again in a few seconds.'
    default:
      return body.error_description ?? 'That did not work. Try again.'
  }
}

function tell(text, isProblem) {
  const line = document.createElement('p')
  line.className = isProblem ? 'alert' : 'hint'
  line.textContent = text
  document.querySelector('#note-status').replaceChildren(line)
}

function prepend({ id, text, created_at: createdAt }) {
  const item = document.querySelector('#note-template').content.cloneNode(true).querySelector('li')
  item.classList.add('new')
  item.querySelector('p').textContent = text
  const time = item.querySelector('time')
  time.dateTime = createdAt
  showLocalTime(time)
  const remove = item.querySelector('form')
  if (remove !== null) remove.action = `/app/notes/${encodeURIComponent(id)}/delete`
  document.querySelector('#no-notes')?.remove()
  list.prepend(item)
}

async function addNote(event) {
  event.preventDefault()
  const field = form.elements['text']
  const button = form.querySelector('button')
  if (field.value.trim() === '') {
    tell('Write something first.', true)
    field.focus()
    return
  }
  button.setAttribute('aria-disabled', 'true')
  try {
    const answer = await postNote(field.value)
    if (answer.ok) {
      prepend(await answer.json())
      field.value = ''
      tell('Added.', false)
    } else {
      tell(await inWords(answer), true)
    }
  } catch {
    tell('This app cannot be reached. Are you online?', true)
  } finally {
    button.removeAttribute('aria-disabled')
    field.focus()
  }
}

async function clearNotes() {
  const answer = await callApi({ method: 'DELETE', headers: {} })
  if (answer.ok) return location.assign('/#notes')
  const url = await stepUpUrl(answer.clone())
  if (url === undefined) return tell(await inWords(answer), true)
  // Asked for the same again right after the factor: the page explains what that means.
  if (clearForm.elements['proved'].value === '1') return clearForm.submit()
  return location.assign(url)
}

const clearForm = document.querySelector('#clear-form')
clearForm?.addEventListener('submit', (event) => {
  event.preventDefault()
  const button = clearForm.querySelector('button')
  if (button.hasAttribute('aria-disabled')) return
  button.setAttribute('aria-disabled', 'true')
  clearNotes()
    .catch(() => tell('This app cannot be reached. Are you online?', true))
    .finally(() => button.removeAttribute('aria-disabled'))
})

for (const time of document.querySelectorAll('time')) showLocalTime(time)
if (left !== null) {
  showTimeLeft()
  setInterval(showTimeLeft, 1000)
}
if (form !== null && list !== null) {
  form.addEventListener('submit', (event) => {
    // A second press while the first is under way must not add the note twice.
    if (form.querySelector('[aria-disabled]') !== null) event.preventDefault()
    else void addNote(event)
  })
  form.elements['text'].addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
}
