import { dataView } from '../../src/account/data/view.tsx'
import { deleteView, onlyAdministratorView } from '../../src/account/delete/view.tsx'
import type { Words } from '../../src/http/words/words.ts'
import { goneView, keepView, nothingToKeepView } from '../../src/interaction/keep-account/view.tsx'
import { type State, csrf, hostileText, inRoom, long, signedInAs } from './gallery-fixtures.ts'

const leavesAt = new Date('2026-12-05T14:03:22Z')

/** The pages of taking one's data along and of leaving. */
export function leavings(words: Words): readonly State[] {
  return [...rooms(words), ...waysBack(words)]
}

function rooms(words: Words): readonly State[] {
  const { data, delete: goes } = words.leaving
  const page = inRoom(words, 'data', signedInAs({ email: long.email }))
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
