// Prints the page; the buttons show only where scripts run.
for (const button of document.querySelectorAll('button[data-print]')) {
  button.addEventListener('click', () => print())
  button.hidden = false
}
