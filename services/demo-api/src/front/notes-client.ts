import { challengedStepUp, type Fetch, type StepUp } from '@signet/shared/bff'
import { z } from 'zod'

const NoteList = z.object({
  notes: z.array(
    z.object({ id: z.string(), owner: z.string(), text: z.string(), created_at: z.string() }),
  ),
})
const ErrorBody = z.object({ error_description: z.string() })

export type NoteItem = z.infer<typeof NoteList>['notes'][number]

/** An answer of the API that a person should hear about, with the status the page takes over. */
export interface ApiProblem {
  readonly status: number
  readonly words: string
}

export type ListResult =
  | { readonly ok: true; readonly notes: readonly NoteItem[] }
  | { readonly ok: false; readonly problem: ApiProblem }

export type ChangeResult =
  { readonly ok: true } | { readonly ok: false; readonly problem: ApiProblem }

export type ClearResult =
  | ChangeResult
  /** The person has to prove more first. RFC 9470 */
  | { readonly ok: false; readonly stepUp: StepUp }

/** The API as the server-rendered pages use it: with the access token of the person's session. */
export function createNotesClient(fetch: Fetch, baseUrl: string) {
  const send = (accessToken: string, method: string, path: string, body?: unknown) =>
    fetch(new URL(path, baseUrl).href, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })

  async function change(answer: Response): Promise<ChangeResult> {
    return answer.ok ? { ok: true } : { ok: false, problem: await describe(answer) }
  }

  return {
    async list(accessToken: string, all: boolean): Promise<ListResult> {
      const answer = await send(accessToken, 'GET', all ? '/notes?all=true' : '/notes')
      if (!answer.ok) return { ok: false, problem: await describe(answer) }
      return { ok: true, notes: NoteList.parse(await answer.json()).notes }
    },
    add: async (accessToken: string, text: string) =>
      change(await send(accessToken, 'POST', '/notes', { text })),
    remove: async (accessToken: string, id: string) =>
      change(await send(accessToken, 'DELETE', `/notes/${encodeURIComponent(id)}`)),
    async clear(accessToken: string): Promise<ClearResult> {
      const answer = await send(accessToken, 'DELETE', '/notes')
      const stepUp = challengedStepUp(answer.headers.get('www-authenticate'))
      return stepUp === undefined ? change(answer) : { ok: false, stepUp }
    },
  }
}

async function describe(answer: Response): Promise<ApiProblem> {
  const retryAfter = answer.headers.get('retry-after') ?? '60'
  const words: Readonly<Record<number, string>> = {
    401: 'The API did not accept the access token. Sign out and in again.',
    403: 'The API says that this is not yours to do: the token lacks a scope or a role.',
    429: `That was a lot at once. The API takes requests again in ${retryAfter} seconds.`,
    503: 'The API cannot check access tokens at the moment. Try again in a few seconds.',
  }
  const known = words[answer.status]
  if (known !== undefined) return { status: answer.status, words: known }
  const body = ErrorBody.safeParse(await answer.json().catch(() => undefined))
  const said = body.success ? body.data.error_description : 'It gave no reason.'
  return { status: answer.status, words: `The API refused: ${said}` }
}
