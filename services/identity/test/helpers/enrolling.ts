import { sql } from 'drizzle-orm'
import type { Database } from '../../src/platform/db/database.ts'
import { rowsOf } from '../../src/platform/db/rows.ts'
import type { Browser } from './browser.ts'
import { formWith } from './browser.ts'
import { AuthenticatorApp } from './second-factor.ts'
import { type Answer, describe } from './wire.ts'

/** The key on a page that sets up an authenticator app, as its copy button copies it. */
export function secretOn(page: Answer): string {
  const [, inner = ''] = /<code id="key"[^>]*>(.*?)<\/code>/.exec(page.body) ?? []
  const secret = inner.replace(/<[^>]*>/g, '')
  if (!/^[A-Z2-7]{32}$/.test(secret)) throw new Error(`no key: ${describe(page)}`)
  return secret
}

/** The recovery codes on a page. */
export function codesOn({ body }: Answer): string[] {
  return [...body.matchAll(/<code>([0-9A-Z]{5}-[0-9A-Z]{5})<\/code>/g)].map(
    ([, code]) => code ?? '',
  )
}

/** Scans the picture of a page and sends its code; stays where that leads. */
export async function prove(
  browser: Browser,
  page: Answer,
  nowMs: number,
  { name = '', steps = 0 } = {},
) {
  const app = new AuthenticatorApp(secretOn(page))
  return { app, answer: await browser.submit(page, { code: app.code(nowMs, steps), name }) }
}

/** Presses the one button of a page. */
export async function press(browser: Browser, page: Answer): Promise<Answer> {
  return browser.submit(page, {})
}

/** Sets up an authenticator app from its first page to the last. */
export async function setUp(browser: Browser, page: Answer, nowMs: number, name = 'My phone') {
  const { app, answer } = await prove(browser, page, nowMs, { name })
  const recoveryCodes = codesOn(answer)
  const done = recoveryCodes.length === 0 ? answer : await press(browser, answer)
  return { app, recoveryCodes, done }
}

/** Where the form of a page is sent to. */
export function actionOf(page: Answer): string {
  return new URL(formWith(page, ['csrf']).action, page.url).href
}

/** Every row of every table as text: what a thief of the database would search. */
export async function dump({ db }: Database): Promise<string> {
  const tables = rowsOf<{ name: string }>(
    await db.execute(
      sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    ),
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const query = sql`select row_to_json(t)::text as text from ${sql.identifier(name)} t`
    for (const { text } of rowsOf<{ text: string }>(await db.execute(query))) texts.push(text)
  }
  return texts.join('\n')
}

/** How many rows a person has in a table. */
export async function countOf(
  { db }: Database,
  table: 'authenticators' | 'recovery_codes' | 'trusted_devices',
  userId: string,
): Promise<number> {
  const query = sql`select count(*)::int as n from ${sql.identifier(table)} where user_id = ${userId}`
  return rowsOf<{ n: number }>(await db.execute(query))[0]?.n ?? 0
}
