import type { PasskeysWords } from '../sections/passkeys.ts'

export const passkeys: PasskeysWords = {
  unable:
    'This browser cannot use passkeys here, or its scripts are turned off. Choose another way.',
  cancelled: 'No passkey was used: it was cancelled, or took too long. You can try again.',
  present: 'This device has a passkey for your account already.',
  wrong: 'That passkey didn’t work. Try again, or choose another way.',
  signIn: {
    submit: 'Sign in with a passkey',
    lead: 'Unlock it with your face, your finger or the PIN of your device.',
    other: 'Sign in another way',
  },
  secondFactor: {
    title: 'Confirm with your passkey',
    lead: 'One more step: show that your device or security key is here.',
    submit: 'Use your passkey',
    other: 'Use another way',
  },
  offer: {
    title: 'Sign in faster next time',
    lead: 'Create a passkey, and your face, your finger or the PIN of your device signs you in.',
    why: 'There is no password to type, to forget or to be tricked out of.',
    submit: 'Create a passkey',
    later: 'Not now',
    never: 'Don’t ask again on this device',
  },
  enrol: {
    title: 'Create a passkey',
    lead: 'It confirms that it is you: with your face, your finger or the PIN of your device.',
    other: 'Choose another way',
  },
  room: {
    title: 'Passkeys',
    lead: 'Sign in with your face, your finger or the PIN of your device, in place of the password.',
    empty: 'You have no passkey yet.',
    add: 'Add a passkey',
    added: (when) => `Added ${when}`,
    lastUsed: (when) => `Last used ${when}`,
    neverUsed: 'Not used yet',
    synced: 'Synced between your devices',
    notSynced: 'On one device only',
    onlyOne:
      'This is your only passkey. Add another one, so that a lost device does not lock you out.',
    change: 'Change',
    changeOf: (name) => `Change ${name}`,
    full: (count) =>
      `You have ${count} passkeys, and cannot have more. Remove one that you no longer use.`,
    done: {
      added: 'Your passkey was added. You can sign in with it from now on.',
      renamed: 'The name was changed.',
      removed:
        'The passkey was removed. Delete it from your device as well, so that it is not offered any more.',
    },
  },
  make: {
    title: 'Add a passkey',
    lead: 'Your browser asks where to keep it, and to unlock this device.',
    how: 'It can be kept on this device, in a password manager, on a phone nearby or on a security key. Nothing secret is sent to us.',
    submit: 'Create the passkey',
    back: 'Back to your passkeys',
    failed: 'The passkey was not added. Please try again.',
  },
  one: {
    name: 'Name',
    nameHint: 'How you tell it from others, such as the device that it is on.',
    save: 'Save the name',
    problem: 'Enter a name of at most 60 characters.',
    removeTitle: 'Remove this passkey',
    removeLead:
      'Nobody can sign in with it any more. Browsers that you trust are asked for a second step again.',
    remove: 'Remove',
    lastWayIn: 'This is your only way to sign in. Set a password or add another passkey first.',
    required:
      'Your account must have a second step, and this is the only one. Add another one first.',
  },
  mails: {
    added: {
      subject: 'A passkey was added to your account',
      intro: (when) =>
        `On ${when}, a passkey was added to your account. Whoever has it can sign in with it.`,
      effect: 'You see all your passkeys in your account, and can remove them there.',
    },
    removed: {
      subject: 'A passkey was removed from your account',
      intro: (when) => `On ${when}, a passkey was removed from your account.`,
      effect: 'It can no longer be used to sign in.',
    },
    cloned: {
      subject: 'We refused one of your passkeys',
      intro: (when) =>
        `On ${when}, somebody used one of your passkeys in a way that suggests there is a copy of it. We did not let them in.`,
      effect: 'Remove this passkey, and create a new one.',
      action: 'Look at your passkeys',
      nothing: 'If a passkey was restored from a backup, this can happen as well.',
    },
  },
}
