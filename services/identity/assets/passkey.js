// Asks the browser for a passkey, by the button or in the address field, and sends its answer with the form around it.
const { PublicKeyCredential: passkeys } = globalThis
const buttons = document.querySelectorAll('button[data-passkey]')
const able = passkeys?.parseRequestOptionsFromJSON !== undefined

for (const button of able ? buttons : []) {
  const { passkey, ceremony, autofill, cancelled, present } = button.dataset
  const { form } = button
  const status = form.querySelector('[data-said]')
  const options = JSON.parse(passkey)
  let asking = new AbortController()

  // One question at a time: whatever is open is taken back.
  const ask = (more) => {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    return ceremony === 'create'
      ? navigator.credentials.create({
          publicKey: passkeys.parseCreationOptionsFromJSON(options),
          signal,
        })
      : navigator.credentials.get({
          publicKey: passkeys.parseRequestOptionsFromJSON(options),
          signal,
          ...more,
        })
  }

  const send = (credential) => {
    const field = form.elements.answer ?? document.createElement('input')
    Object.assign(field, { type: 'hidden', name: 'answer', value: JSON.stringify(credential) })
    form.append(field)
    form.requestSubmit(button)
  }

  const offer = async () => {
    if (autofill === undefined || !(await passkeys.isConditionalMediationAvailable?.())) return
    ask({ mediation: 'conditional' }).then(send, () => {})
  }

  button.addEventListener('click', async (event) => {
    event.preventDefault()
    status.textContent = ''
    try {
      send(await ask())
    } catch ({ name }) {
      if (name === 'AbortError') return
      status.textContent = name === 'InvalidStateError' ? present : cancelled
      void offer()
    }
  })
  button.hidden = false
  form.querySelector('[data-unable]')?.remove()
  void offer()
}

// Tells the service that a passkey can be offered here after the sign-in, unless it was answered before.
const { passkeyCookie } = document.querySelector('[data-passkey-cookie]')?.dataset ?? {}
if (able && passkeyCookie !== undefined && !document.cookie.includes(`${passkeyCookie}=`)) {
  const can = await passkeys.isUserVerifyingPlatformAuthenticatorAvailable()
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  if (can) document.cookie = `${passkeyCookie}=can; Path=/; SameSite=Lax${secure}`
}
