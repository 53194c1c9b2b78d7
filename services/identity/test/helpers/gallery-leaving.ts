import type { VNode } from 'preact'
import { dataView } from '../../src/account/data/view.tsx'
import { deleteView, onlyAdministratorView } from '../../src/account/delete/view.tsx'
import type { SignedIn } from '../../src/domain/sessions/session.ts'
import { ACCOUNT_STYLE, accountFrame } from '../../src/http/account-page.tsx'
import type { Words } from '../../src/http/words/words.ts'
import { goneView, keepView, nothingToKeepView } from '../../src/interaction/keep-account/view.tsx'
import { type State, csrf, hostileText, long } from './gallery-fixtures.ts'

const leavesAt = new Date('2026-12-05T14:03:22Z')

/** The pages of taking one's data along and of leaving. */
export function leavings(words: Words): readonly State[] {
  return [...rooms(words), ...waysBack(words)]
}

function rooms(words: Words): readonly State[] {
  const { data, delete: goes } = words.leaving
  const signedIn = personOf(long.email)
  const page = {
    style: ACCOUNT_STYLE,
    frame: (body: VNode) => accountFrame({ words, section: 'data', signedIn, csrf, body }),
  }
  const leave = { words, csrf, email: long.email, leavesAt }
  return [
    { ...page, name: 'data', title: data.title, body: dataView({ words, csrf }) },
    {
      ...page,
      name: 'data-too-often',
      title: data.title,
      error: true,
      body: dataView({ words, csrf, retryAfterSeconds: 1800 }),
    },
    { ...page, name: 'delete', title: goes.title, body: deleteView(leave) },
    {
      ...page,
      name: 'delete-wrong',
      title: goes.title,
      error: true,
      body: deleteView({ ...leave, isWrong: true }),
    },
    {
      ...page,
      name: 'delete-at-once',
      title: goes.title,
      body: deleteView({ ...leave, leavesAt: undefined }),
    },
    {
      ...page,
      name: 'delete-hostile',
      title: goes.title,
      body: deleteView({ ...leave, email: hostileText }),
    },
    {
      ...page,
      name: 'delete-only-administrator',
      title: goes.title,
      body: onlyAdministratorView({ words }),
    },
  ]
}

function waysBack(words: Words): readonly State[] {
  const { keep } = words.leaving
  const page = { words, action: '/keep-account?token=t', csrf, email: long.email, leavesAt }
  return [
    { name: 'keep', title: keep.title, body: keepView(page) },
    { name: 'keep-just-left', title: keep.title, body: keepView({ ...page, hasJustLeft: true }) },
    { name: 'keep-hostile', title: keep.title, body: keepView({ ...page, email: hostileText }) },
    {
      name: 'error-nothing-to-keep',
      title: keep.staleTitle,
      error: true,
      body: nothingToKeepView({ words, signInHref: '/login' }),
    },
    { name: 'left-at-once', title: keep.goneTitle, body: goneView({ words }) },
  ]
}

function personOf(email: string): SignedIn {
  const at = new Date('2026-11-21T14:03:22Z')
  const id = '019a0000-0000-7000-8000-000000000000'
  const times = { authTime: at, lastSeenAt: at, expiresAt: at }
  return {
    session: { id, tokenHash: '', userId: id, amr: ['pwd'], acr: 'aal1', ...times },
    account: { id, email, emailVerified: true, claims: {}, roles: [], updatedAt: at },
  }
}
