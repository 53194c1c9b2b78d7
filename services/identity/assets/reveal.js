// Shows a password while it is typed. Without scripts the button stays hidden.
for (const button of document.querySelectorAll('button[data-reveal]')) {
  const input = document.getElementById(button.getAttribute('aria-controls'))
  const words = { show: button.textContent, showLabel: button.ariaLabel, ...button.dataset }

  const reveal = (visible) => {
    input.type = visible ? 'text' : 'password'
    button.textContent = visible ? words.hide : words.show
    button.setAttribute('aria-label', visible ? words.hideLabel : words.showLabel)
  }

  button.addEventListener('click', () => reveal(input.type === 'password'))
  // Browsers offer to save only what was sent from a password field.
  input.form.addEventListener('submit', () => reveal(false))
  button.hidden = false
}
