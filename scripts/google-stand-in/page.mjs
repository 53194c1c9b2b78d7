import { people } from './people.mjs'

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => ESCAPES[character])

function page(title, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<p class="notice"><strong>This is not Google.</strong> It is a stand-in on this machine, for trying out Signet. It asks for no password and believes everything.</p>
<main>
${body}
</main>
</body>
</html>
`
}

/** Asks who to be. The form goes to its own address, which holds the request. */
export function choicePage(client) {
  return page(
    'Who are you? A stand-in for Google',
    `<h1>Who are you?</h1>
<p class="lead"><b>${escaped(client)}</b> asks Google who you are. Choose what it is told.</p>
<form method="post">
<ul class="people">
${people.map(personButton).join('\n')}
</ul>
</form>
<form method="post">
<details>
<summary>Somebody else</summary>
${field('sub', 'sub', 'The number of the Google account, which never changes.', '100000000000000000099', 'required maxlength="255"')}
${field('name', 'name', '', 'Somebody Else')}
${field('email', 'email', 'Empty: Google tells none.', 'somebody@gmail.com', 'autocapitalize="none"')}
<div class="check"><input type="checkbox" id="email_verified" name="email_verified" value="yes" checked>
<label for="email_verified"><code>email_verified</code></label></div>
${field('hd', 'hd', 'The organisation that Google hosts the address for. Empty: none.', '', 'autocapitalize="none"')}
<button class="button primary" name="person" value="typed">Continue as this person</button>
</details>
</form>
<form method="post" class="pair">
<button class="button" name="decision" value="cancel">Cancel</button>
<button class="button" name="decision" value="refuse">Answer with an error</button>
</form>`,
  )
}

function personButton({ id, follows, claims }) {
  const { email, name, hd, email_verified: verified } = claims
  const told = [
    email === undefined ? 'no email' : `email_verified: ${verified}`,
    ...(hd === undefined ? [] : [`hd: ${hd}`]),
  ]
  return `<li><button class="person" name="person" value="${id}">
<span class="who"><b>${escaped(name)}</b> <span class="email">${escaped(email ?? '')}</span></span>
<span class="told">${told.map((claim) => `<code>${escaped(claim)}</code>`).join(' ')}</span>
<span class="follows">${escaped(follows)}</span>
</button></li>`
}

function field(name, label, hint, value, attributes = '') {
  const described = hint === '' ? '' : ` aria-describedby="${name}-hint"`
  return `<div class="field"><label for="${name}"><code>${label}</code></label>
${hint === '' ? '' : `<p class="hint" id="${name}-hint">${escaped(hint)}</p>\n`}<input id="${name}" name="${name}" value="${escaped(value)}" autocomplete="off" spellcheck="false"${described} ${attributes}></div>`
}

/** What is wrong with a request. */
export function faultPage(faults) {
  return page(
    'Error: the request is not right',
    `<h1>The request is not right</h1>
<ul class="faults">
${faults.map((fault) => `<li>${escaped(fault)}</li>`).join('\n')}
</ul>`,
  )
}

/** What somebody sees who comes by no request. */
export function aboutPage(client) {
  return page(
    'A stand-in for Google',
    `<h1>A stand-in for Google</h1>
<p class="lead">Open <a href="${escaped(client)}/login">${escaped(client)}</a> and choose “Sign in with Google”: it leads here.</p>`,
  )
}
