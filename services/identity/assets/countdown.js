// Counts the seconds to the next try, by the clock, so that a sleeping tab wakes up right.
for (const line of document.querySelectorAll('[data-countdown]')) {
  const { countdown, counting, over } = line.dataset
  const end = Date.now() + Number(countdown) * 1000

  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000)
    if (left > 0) {
      const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
      line.textContent = counting.replace('{time}', time)
      return
    }
    clearInterval(timer)
    line.hidden = true
    line.parentElement.querySelector('[role=status]').textContent = over
  }

  const timer = setInterval(tick, 1000)
  tick()
  line.hidden = false
}
