import type { FaultsWords } from '../sections/faults.ts'

export const faults: FaultsWords = {
  title: 'About this error',
  lead: 'An application or a page ran into an error with the reference below.',
  next: 'Give the reference to the people who run the application. Together with the people who run this service, they can find out what happened.',
  unknownTitle: 'Nothing is known about this error',
  unknown:
    'Errors are kept for seven days, and of a great many at once only some. The log of the service has a line for each.',
  explanation: {
    heading: 'For developers',
    onlyHere: 'Shown because this service runs on your own machine.',
    check: 'Check',
    request: 'Request',
    application: 'Client ID',
    change: 'Change in the configuration file',
    copyChange: 'Copy these lines',
  },
}
