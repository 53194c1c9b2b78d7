import type { PasswordWords } from '../sections/passwords.ts'

export const passwords: PasswordWords = {
  hint: (minimum) =>
    `At least ${minimum} characters. A few unrelated words are strong and easy to remember.`,
  faults: {
    missing: 'Enter a password.',
    short: (lacking) => `Too short: ${lacking} more ${lacking === 1 ? 'character' : 'characters'}.`,
    long: (maximum) => `Too long: use ${maximum} characters at most.`,
    common: 'One of the most common passwords. Choose another one.',
    pattern:
      'Too easy to guess: it repeats itself, or follows the alphabet or the keyboard. Choose another one.',
    personal:
      'Too easy to guess: it is mostly your name, your address or the name of this service. Choose another one.',
  },
  strength: {
    short: 'Characters to go: {count}',
    weak: 'Easy to guess: use more different characters.',
    good: 'Good. Longer is even better.',
    strong: 'Strong.',
  },
}
