import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { aboutPage, choicePage, faultPage } from './page.mjs'
import { endpoints } from './provider.mjs'

const MAX_FORM_BYTES = 16_384
const style = readFileSync(new URL('style.css', import.meta.url))
const HEADERS = {
  'cache-control': 'no-store',
  // No form-action: Chromium holds it against every redirect that follows the form, down to the application.
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The provider over HTTP; `client` is the issuer of the service that people come from. */
export function createStandIn(provider, { issuer, client }) {
  const { host } = new URL(issuer)
  const routes = {
    '/': { GET: () => html(200, aboutPage(client)) },
    '/style.css': { GET: () => ({ status: 200, type: 'text/css; charset=utf-8', body: style }) },
    [endpoints.metadata]: { GET: () => json(200, provider.metadata()) },
    [endpoints.keys]: { GET: () => json(200, provider.keys()) },
    [endpoints.authorization]: {
      GET({ searchParams }) {
        const faults = provider.faultsOf(searchParams)
        return faults.length > 0 ? html(400, faultPage(faults)) : html(200, choicePage(client))
      },
      async POST({ searchParams }, request) {
        const faults = provider.faultsOf(searchParams)
        if (faults.length > 0) return html(400, faultPage(faults))
        const form = await formOf(request)
        if (form === undefined) return html(413, faultPage(['The form is too long.']))
        return { status: 303, location: provider.answer(searchParams, form), body: '' }
      },
    },
    [endpoints.token]: {
      async POST(_url, request) {
        const form = await formOf(request)
        return form === undefined
          ? json(413, { error: 'invalid_request' })
          : json(...provider.exchange(form))
      },
    },
  }

  async function respond(request) {
    // A name of somebody's own that leads to this machine is no way in.
    if (request.headers.host !== host)
      return html(421, faultPage([`This is ${issuer}, and no other.`]))
    const url = new URL(`${issuer}${request.url.startsWith('/') ? request.url : '/'}`)
    const methods = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined
    if (methods === undefined) return html(404, faultPage(['There is no such page.']))
    const answer = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
    return answer === undefined
      ? html(405, faultPage(['There is no such method.']))
      : answer(url, request)
  }

  async function handle(request, response) {
    const { status, type, location, body } = await respond(request)
    const more = { ...(type && { 'content-type': type }), ...(location && { location }) }
    response.writeHead(status, { ...HEADERS, ...more }).end(body)
  }

  return createServer((request, response) => {
    handle(request, response).catch((/** @type {unknown} */ error) => {
      console.error(error)
      response.destroy()
    })
  })
}

const html = (status, body) => ({ status, type: 'text/html; charset=utf-8', body })
const json = (status, body) => ({ status, type: 'application/json', body: JSON.stringify(body) })

async function formOf(request) {
  const chunks = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_FORM_BYTES) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
