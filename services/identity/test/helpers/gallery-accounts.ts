import type { Words } from '../../src/http/words/words.ts'
import { homeTitle, homeView } from '../../src/interaction/home/view.tsx'
import {
  selectAccountTitle,
  selectAccountView,
} from '../../src/interaction/select-account/view.tsx'
import {
  signOutTitle,
  signOutView,
  signedOutTitle,
  signedOutView,
} from '../../src/protocol/end-session/view.tsx'
import {
  type State,
  ada,
  bare,
  csrf,
  hostileApp,
  hostileText,
  long,
  notes,
} from './gallery-fixtures.ts'

const bob = { sessionId: 'bob', name: 'Bob Babbage', email: 'bob@example.test' }
const arabic = { sessionId: 'noor', name: 'نور الخطيب', email: 'noor@example.test' }
const hostile = { sessionId: hostileText, name: hostileText, email: hostileText }

/** The pages of the people at a browser: who is there, who comes in, who goes. */
export function accounts(words: Words): readonly State[] {
  return [...pickers(words), ...homes(words), ...signOuts(words)]
}

function pickers(words: Words): readonly State[] {
  const picker = { words, action: '/select-account?tx=sealed', csrf }
  const states = {
    'select-account': { app: notes, accounts: [ada, long] },
    'select-account-one': { app: bare, accounts: [ada] },
    'select-account-five': { accounts: [ada, bob, arabic, long, hostile] },
    'select-account-hostile': { app: hostileApp, accounts: [hostile, ada] },
  }
  return Object.entries(states).map(([name, state]) => {
    const props = { ...picker, ...state }
    const app = 'app' in state ? state.app : undefined
    return { name, app, title: selectAccountTitle(props), body: selectAccountView(props) }
  })
}

function homes(words: Words): readonly State[] {
  const hrefs = { accountsAction: '/select-account', accountHref: '/account', signInHref: '/login' }
  const home = { words, csrf, others: [], ...hrefs }
  const states = {
    home: { account: ada },
    'home-several': { account: ada, others: [bob, arabic] },
    'home-long': { account: long, others: [hostile] },
    'home-signed-out': {},
  }
  return Object.entries(states).map(([name, state]) => {
    const props = { ...home, ...state }
    return { name, title: homeTitle(props), body: homeView(props) }
  })
}

function signOuts(words: Words): readonly State[] {
  const one = { words, action: '/logout', csrf, accounts: [ada], several: false }
  const several = { ...one, several: true }
  const ask = (name: string, props: Parameters<typeof signOutView>[0]): State => {
    return { name, app: props.app, title: signOutTitle(props), body: signOutView(props) }
  }
  const done = (name: string, props: Omit<Parameters<typeof signedOutView>[0], 'words'>): State => {
    const all = { words, ...props }
    return { name, app: props.app, title: signedOutTitle(all), body: signedOutView(all) }
  }
  return [
    ask('sign-out', { ...one, app: notes }),
    ask('sign-out-bare', one),
    ask('sign-out-one-of-several', { ...several, app: notes, accounts: [long] }),
    ask('sign-out-of-all', { ...several, accounts: [ada, bob, hostile] }),
    done('signed-out', { app: notes, continueUri: 'https://notes.example/bye' }),
    done('signed-out-bare', {}),
    done('signed-out-others-stay', { app: notes, othersHref: '/select-account' }),
    done('signed-out-others-and-on', {
      app: notes,
      continueUri: 'https://notes.example/bye',
      othersHref: '/select-account',
    }),
    done('signed-out-hostile', { app: hostileApp, continueUri: 'javascript:alert(1)' }),
  ]
}
