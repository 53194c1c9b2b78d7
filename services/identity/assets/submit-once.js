// Swallows the second click on a form that is already on its way.
const patienceMilliseconds = 8000

for (const form of document.forms) {
  let sent = false

  const reset = () => {
    sent = false
    form.querySelector('[data-pressed]')?.removeAttribute('data-pressed')
  }

  form.addEventListener('submit', (event) => {
    if (sent) {
      event.preventDefault()
      return
    }
    sent = true
    event.submitter?.setAttribute('data-pressed', '')
    // An answer that leaves for a native application, or never comes, must not leave a dead page.
    setTimeout(reset, patienceMilliseconds)
  })
  // Going back shows the page as it was left.
  addEventListener('pageshow', reset)
}
