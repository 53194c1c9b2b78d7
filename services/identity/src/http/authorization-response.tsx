import type { FastifyReply } from 'fastify'
import { render } from 'preact-render-to-string'
import type { ValidatedRedirect } from '../domain/authorization/request.ts'
import { type Client, displayName } from '../domain/clients/client.ts'
import type { Why } from '../domain/faults/why.ts'
import type { OAuthErrorCode } from '../domain/oauth/error.ts'
import { assetUrl } from './look/assets.ts'
import { type FaultReport, aboutClient } from './errors/fault-report.ts'
import { type Language, languageOf } from './language/language.ts'
import { type Look, lookOf } from './look/look.ts'

interface Refusal {
  readonly error: OAuthErrorCode
  readonly error_description: string
  /** What the check knows; never part of the answer. */
  readonly why?: Why | undefined
}

export type Answer = { readonly code: string } | Refusal

type Field = [name: string, value: string]

/** Sends the authorization response to where the request was allowed to ask for it, and only there. */
export type AuthorizationResponse = (
  reply: FastifyReply,
  redirect: ValidatedRedirect,
  answer: Answer,
) => FastifyReply

export function createAuthorizationResponse(
  issuer: string,
  faults: FaultReport,
): AuthorizationResponse {
  function errorFields(reply: FastifyReply, client: Client, answer: Refusal): Field[] {
    const { error, error_description, why } = answer
    aboutClient(reply.request, client.id)
    faults.refused(reply.request, reply, { code: error, status: 303, why, hint: error_description })
    return [
      ['error', error],
      ['error_description', error_description],
      ['error_uri', faults.uriOf(reply.request)],
    ]
  }

  return (reply, redirect, answer) => {
    const fields: Field[] =
      'code' in answer ? [['code', answer.code]] : errorFields(reply, redirect.client, answer)
    if (redirect.state !== undefined) fields.push(['state', redirect.state])
    // RFC 9207 §2: in every answer, errors included.
    fields.push(['iss', issuer])
    if (redirect.mode === 'form_post') {
      return reply
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(formPost(redirect, fields, languageOf(reply.request), lookOf(reply.request)))
    }
    return reply.redirect(withQuery(redirect.uri, fields), 303)
  }
}

/** Adds to the query and changes nothing else of the registered URI (RFC 6749 §3.1.2). */
function withQuery(uri: string, fields: Field[]): string {
  const separator = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&'
  return `${uri}${separator}${new URLSearchParams(fields).toString()}`
}

/** OAuth 2.0 Form Post Response Mode 1.0 §2: a form that sends itself, or one press of a button without scripts. */
function formPost(
  { uri, client }: ValidatedRedirect,
  fields: Field[],
  { words, locale }: Language,
  { style }: Look,
): string {
  const name = displayName(client)
  const page = (
    <html lang={locale.lang} dir={locale.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{words.actions.continue}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={assetUrl('signet.css')} />
        {style !== undefined && <link rel="stylesheet" href={style} />}
        <script src={assetUrl('form-post.js')} defer />
      </head>
      <body>
        <main class="card">
          <form method="post" action={uri}>
            {fields.map(([field, value]) => (
              <input type="hidden" name={field} value={value} key={field} />
            ))}
            <button type="submit" class="button primary">
              {words.actions.continueTo(<bdi>{name}</bdi>)}
            </button>
          </form>
        </main>
      </body>
    </html>
  )
  return `<!doctype html>${render(page)}`
}
