import type { PasswordWords } from '../sections/passwords.ts'

export const passwords: PasswordWords = {
  hint: (minimum) =>
    `Mindestens ${minimum} Zeichen. Einige Wörter ohne Zusammenhang sind sicher und leicht zu merken.`,
  faults: {
    missing: 'Geben Sie ein Passwort ein.',
    short: (lacking) =>
      `Zu kurz: Es ${lacking === 1 ? 'fehlt' : 'fehlen'} noch ${lacking} Zeichen.`,
    long: (maximum) => `Zu lang: Verwenden Sie höchstens ${maximum} Zeichen.`,
    common: 'Eines der häufigsten Passwörter. Wählen Sie ein anderes.',
    pattern:
      'Zu leicht zu erraten: Es wiederholt sich oder folgt dem Alphabet oder der Tastatur. Wählen Sie ein anderes.',
    personal:
      'Zu leicht zu erraten: Es besteht vor allem aus Ihrem Namen, Ihrer Adresse oder dem Namen dieses Dienstes. Wählen Sie ein anderes.',
  },
  strength: {
    short: 'Noch fehlende Zeichen: {count}',
    weak: 'Leicht zu erraten: Verwenden Sie mehr verschiedene Zeichen.',
    good: 'Gut. Länger ist noch besser.',
    strong: 'Stark.',
  },
}
