import type { CheckWords } from '../check-words.ts'

/** Checks of hosted pages, and what is nobody's fault but ours. Those without a word of their own go by the page's. */
export const pageChecks = {
  post_logout_redirect_uri_not_registered: {
    cause:
      'The post_logout_redirect_uri is not one that the client has registered; they are compared byte for byte.',
    fix: 'Send a registered one as it stands, or add this one to post_logout_redirect_uris of the client, if it is the application’s own.',
  },
  page_expired: {
    cause:
      'The page was open for too long, was used in another tab, or belongs to another browser.',
    fix: 'Start again from the application. If it happens at once: are cookies kept, and is the address the one of ISSUER?',
  },
  forbidden_form: {
    cause: 'The form was not made for this browser and session, or came from another site.',
    fix: 'Are cookies kept, and do pages open at the very address of ISSUER (localhost is not 127.0.0.1)? A proxy must pass Origin and Sec-Fetch-Site on.',
  },
  setup_link_used: {
    cause: 'The set-up link was used, or is older than an hour.',
    fix: 'Make a new one: npm run signet -- admin-link',
  },
  not_found: {
    cause: 'There is nothing at this address.',
    fix: 'Take addresses from /.well-known/openid-configuration rather than by heart.',
  },
  method_not_allowed: {
    cause: 'The address exists, and takes another method.',
    fix: 'The header Allow of the answer names the methods; token requests are POST.',
  },
  too_many_requests: {
    cause: 'More requests came from one network than rate_limit_per_minute lets pass.',
    fix: 'Wait as long as Retry-After says. Behind a proxy, set TRUST_PROXY, or all visitors count as one.',
  },
  request_malformed: {
    cause: 'The request could not be read: its body, its form or its parameters.',
    fix: 'Send forms as application/x-www-form-urlencoded in UTF-8, each parameter once.',
  },
  unavailable: {
    cause: 'The database did not answer, or too much was waiting.',
    fix: 'Is the database up, and DATABASE_URL right? /health/ready tells, and the log has the reason under this id.',
  },
  server_error: {
    cause: 'Something went wrong in the service itself.',
    fix: 'Look for this id (reqId) in the log: the line has the reason.',
  },
  refused: {
    cause: 'The request was refused for the reason that is given.',
    fix: 'See the reason; the log has a line with this id (reqId).',
  },
} as const satisfies Record<string, CheckWords>
