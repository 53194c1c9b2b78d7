// Says how strong a password is while it is typed: by its length, then by how many different characters it has.
const pauseMilliseconds = 400

for (const line of document.querySelectorAll('[data-strength]')) {
  const input = document.getElementById(line.dataset.strength)
  const { minimum, short, weak, good, strong } = line.dataset
  let pending

  const judge = () => {
    const characters = [...input.value.normalize('NFC')]
    const different = new Set(characters).size
    const missing = minimum - characters.length
    if (characters.length === 0) return ['', '']
    if (missing > 0) return ['short', short.replace('{count}', missing)]
    if (different < 6) return ['weak', weak]
    return missing <= -6 && different > 9 ? ['strong', strong] : ['good', good]
  }

  const say = () => {
    const [level, words] = judge()
    line.dataset.level = level
    line.textContent = words
  }

  // After a pause only, so that a screen reader does not read every key.
  input.addEventListener('input', () => {
    clearTimeout(pending)
    pending = setTimeout(say, pauseMilliseconds)
  })
  line.hidden = false
}
