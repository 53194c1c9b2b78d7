import type { ErrorKind, ErrorWords } from '../words.ts'

/** What the English error pages say; the titles are stable, so that support and tests can name them. */
export const errors: Readonly<Record<ErrorKind, ErrorWords>> = {
  unknown_client: {
    title: 'Unknown application',
    what: 'The application that sent you here is not registered with Signet.',
    next: 'Go back to the application and try again. If it happens again, tell the people who run it.',
  },
  redirect_uri_not_registered: {
    title: 'Return address not registered',
    what: 'The application asked to send you to an address that is not registered for it. To protect your account, you were not sent there.',
    next: 'Tell the people who run the application, and give them the reference below.',
  },
  invalid_request: {
    title: 'Invalid request',
    what: 'The request that brought you here is incomplete or not valid.',
    next: 'Go back to the application and start again. If it happens again, tell the people who run it.',
  },
  page_expired: {
    title: 'This page has expired',
    what: 'It was open for too long, or it was already used in another tab.',
    next: 'Nothing is lost. Continue from here, or go back to the application and start again.',
  },
  forbidden_form: {
    title: 'This form could not be accepted',
    what: 'It did not come from a page that Signet gave to this browser, or cookies are switched off.',
    next: 'Allow cookies for this site, then start again from the application.',
  },
  post_logout_redirect_uri_not_registered: {
    title: 'Sign-out address not registered',
    what: 'The application asked to send you, after signing out, to an address that is not registered for it. You were not sent there.',
    next: 'Close this page, or tell the people who run the application.',
  },
  bad_id_token_hint: {
    title: 'Sign-out request not valid',
    what: 'The application asked to sign you out with a proof that Signet did not issue or that belongs to another application.',
    next: 'You can still sign out on the start page.',
  },
  setup_link_used: {
    title: 'This set-up link no longer works',
    what: 'It was already used, or it is more than one hour old.',
    next: 'If Signet still has no administrator, make a new link on the server with the command admin-link.',
  },
  not_found: {
    title: 'Page not found',
    what: 'There is nothing at this address.',
    next: 'Check the address, or go to the start page.',
  },
  method_not_allowed: {
    title: 'Method not allowed',
    what: 'This address exists, but it cannot be used in this way.',
    next: 'Go back and try again, or go to the start page.',
  },
  too_many_requests: {
    title: 'Too many requests',
    what: 'There were more requests from your network than Signet accepts in a short time.',
    next: 'Wait a minute, then try again.',
  },
  server_error: {
    title: 'Something went wrong',
    what: 'It is our fault, not yours. It has been recorded under the reference below.',
    next: 'Try again in a moment. If it happens again, give the reference to the people who run this service.',
  },
  unavailable: {
    title: 'Not available right now',
    what: 'Signet is busy, or it is being restarted.',
    next: 'Try again in a minute.',
  },
}
