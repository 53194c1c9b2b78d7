import type { FastifyRequest } from 'fastify'
import { toParameters } from '../../domain/oauth/parameters.ts'
import type { Conversation, Conversations } from '../../http/conversation.ts'
import {
  accountDestination,
  afterSignIn,
  forgotPasswordPath,
  paths,
  stepPath,
} from '../../http/paths.ts'

/** Where a sign-in comes from and leads to. */
export interface Way {
  /** The authorization request that it is for; it wins over a page of the account. */
  readonly current: Conversation | undefined
  /** The account page that asked for it. */
  readonly next: string | undefined
  /** The person asked for another account, on the consent page, the account picker or this one. */
  readonly isSwitch: boolean
  /** The address of the first page, sealed. */
  readonly carried: string | undefined
}

/** The way of a request. Throws a PageError when its conversation cannot go on here. */
export async function wayOf(request: FastifyRequest, conversations: Conversations): Promise<Way> {
  const query = toParameters(request.query)
  // Repeated, it is nobody's wish.
  const only = (name: string) => {
    const [value, ...others] = query.get(name) ?? []
    return others.length === 0 ? value : undefined
  }
  const current = query.has('tx') ? await conversations.resume(request) : undefined
  const next = current === undefined ? accountDestination(only('next')) : undefined
  return { current, next, isSwitch: query.has('switch'), carried: only('as') }
}

/** Where the person goes on to, signed in. */
export function onward({ current, next }: Way): string {
  return afterSignIn({ tx: current?.sealed, next })
}

/** This page again on the same way: for another account, or with the address that was typed. */
export function loginHref(way: Way, more: { readonly isSwitch: boolean; as?: string }): string {
  const query = new URLSearchParams()
  if (way.current !== undefined) query.set('tx', way.current.sealed)
  if (way.next !== undefined) query.set('next', way.next)
  if (more.isSwitch) query.set('switch', '1')
  if (more.as !== undefined) query.set('as', more.as)
  const text = query.toString()
  return text === '' ? paths.login : `${paths.login}?${text}`
}

/** Where an account is made, on the same way. */
export function registerHref({ current }: Way): string {
  return current === undefined ? paths.register : stepPath('register', current.sealed)
}

/** Where a new password is asked for, on the same way. */
export function forgotHref({ current }: Way): string {
  return forgotPasswordPath(current?.sealed)
}
