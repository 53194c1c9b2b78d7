import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts'
import { createBranding } from '../../src/http/look/brand.ts'
import { type Language, inLook } from '../../src/http/language/language.ts'
import { homeTitle, homeView } from '../../src/interaction/home/view.tsx'
import { loginTitle, loginView } from '../../src/interaction/login/view.tsx'
import { registerView } from '../../src/interaction/register/view.tsx'
import { type State, ada, csrf, notes } from './gallery-fixtures.ts'

const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 8L4 0l4 8z"/></svg>'

/** A brand that is hard to show: a colour nobody can read on white, a long name, a rule of its own. */
const acme = {
  name: 'Northern Region Trade & Craft Association — Members’ Access',
  accent_color: '#ffe14d',
  logo_uri: `data:image/svg+xml,${encodeURIComponent(drawing)}`,
  css: '.card { border-radius: 0 }',
}

export const acmeBranding = createBranding(
  () => ({ ...DEFAULT_SETTINGS, brand: acme }),
  new URL('http://localhost:4000'),
)

/** Pages in the look of an operator. */
export function looks(language: Language): readonly State[] {
  const { look } = acmeBranding()
  const { words } = inLook(language, look)
  const dressed = { words, look }
  const login = { words, action: '/login?tx=sealed', csrf }
  const home = {
    words,
    csrf,
    others: [],
    accountsAction: '/select-account',
    accountHref: '/account',
    signInHref: '/login',
  }
  return [
    {
      ...dressed,
      name: 'brand-login',
      app: notes,
      title: loginTitle({ ...login, app: notes }),
      body: loginView({ ...login, app: notes, registerHref: '/register', cancelAction: true }),
    },
    {
      ...dressed,
      name: 'brand-login-no-app',
      title: loginTitle(login),
      body: loginView({ ...login, notice: words.verifyEmail.created }),
    },
    { ...dressed, name: 'brand-home', title: homeTitle(home), body: homeView(home) },
    {
      ...dressed,
      name: 'brand-register',
      error: true,
      title: words.register.title,
      body: registerView({
        words,
        action: '/register',
        csrf,
        values: { name: '', email: ada.email },
        problems: { password: words.passwords.faults.personal },
        passwordMinimum: 15,
        signInHref: '/login',
      }),
    },
  ]
}
