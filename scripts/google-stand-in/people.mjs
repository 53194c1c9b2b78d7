/**
 * Whom one can be: somebody for each row of the table of docs/decisions/0024. `follows` says what Signet makes of them the
 * first time; the second time each of them is let in at once.
 */
export const people = [
  {
    id: 'new',
    follows: 'New here. Gets an account at once.',
    claims: {
      sub: '100000000000000000001',
      email: 'katherine.johnson@gmail.com',
      email_verified: true,
      name: 'Katherine Johnson',
      given_name: 'Katherine',
      family_name: 'Johnson',
    },
  },
  {
    id: 'organisation',
    follows: 'Ada has an account here. She signs in to it once, and the two are connected.',
    claims: {
      sub: '100000000000000000002',
      email: 'ada@example.test',
      email_verified: true,
      hd: 'example.test',
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
    },
  },
  {
    id: 'elsewhere',
    follows:
      'The same address, but Google does not host it. A code by mail comes first, then Ada’s sign-in.',
    claims: {
      sub: '100000000000000000003',
      email: 'ada@example.test',
      email_verified: true,
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
    },
  },
  {
    id: 'prepared',
    follows:
      'Somebody else has made an account with Alan’s address and never proved it. Their password and sessions end.',
    claims: {
      sub: '100000000000000000004',
      email: 'alan.turing@gmail.com',
      email_verified: true,
      name: 'Alan Turing',
      given_name: 'Alan',
      family_name: 'Turing',
    },
  },
  {
    id: 'unverified',
    follows: 'Nobody has checked this address. Mary proves it with a code by mail.',
    claims: {
      sub: '100000000000000000005',
      email: 'mary@example.test',
      email_verified: false,
      name: 'Mary Jackson',
      given_name: 'Mary',
      family_name: 'Jackson',
    },
  },
  {
    id: 'no-address',
    follows: 'Google tells no address. Dorothy is asked for one, and proves it.',
    claims: { sub: '100000000000000000006', name: 'Dorothy Vaughan' },
  },
]

/** The claims of whoever was chosen: one of the people above, or what was typed. Undefined where it is nobody. */
export function chosenClaims(form) {
  const id = form.get('person')
  if (id !== 'typed') return people.find((person) => person.id === id)?.claims
  const text = (name) => form.get(name)?.trim() || undefined
  const [sub, email, hd, name] = [text('sub'), text('email'), text('hd'), text('name')]
  if (sub === undefined || sub.length > 255) return undefined
  const verified = email === undefined ? undefined : form.get('email_verified') === 'yes'
  return { sub, email, email_verified: verified, hd, name }
}
