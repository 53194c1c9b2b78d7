// Copies the facts of an error as lines of text, or a text as it stands. Browsers lend the clipboard to secure pages only.
for (const button of document.querySelectorAll('button[data-copy]')) {
  if (navigator.clipboard === undefined) break
  const source = document.getElementById(button.dataset.copy)
  const status = button.parentElement.querySelector('[role=status]')

  button.addEventListener('click', async () => {
    const lines = [...source.querySelectorAll('dt')].map((term) => {
      const value = term.nextElementSibling.textContent.trim()
      return `${term.textContent.trim()}: ${value}`
    })
    await navigator.clipboard.writeText(lines.join('\n') || source.textContent)
    status.textContent = button.dataset.copied
  })
  button.hidden = false
}
