import type { AppsWords } from '../sections/apps.ts'

export const apps: AppsWords = {
  title: 'Connected apps',
  lead: 'Applications that can use your account, and what they can do with it.',
  empty:
    'No application uses your account yet. Those that you sign in to with it will be listed here.',
  can: 'It can:',
  since: (when) => `Since ${when}`,
  lastUsed: (when) => `Last used ${when}`,
  trusted: 'Belongs to this service and needs no permission',
  remove: 'Remove access',
  removeOf: (app) => `Remove access of ${app}`,
  removed: 'The application can no longer use your account.',
  removeTitle: (app) => ['Remove access of ', app, '?'],
  removeLead: 'This takes effect at once:',
  effects: {
    access: 'The application is signed out of your account on all devices.',
    account: 'What it keeps about you stays there. Ask its makers if you want it deleted.',
    again: 'If you use it again, you are asked for permission again.',
    returns: 'If you use it again, it is connected again without asking.',
  },
  keep: 'Keep access',
}
