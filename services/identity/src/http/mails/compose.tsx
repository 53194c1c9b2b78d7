import { render } from 'preact-render-to-string'
import type { LetterContent } from '../../domain/mail/letter.ts'
import type { Language } from '../language/language.ts'

/** What a mail says; one thing to do at most. */
export interface MailText {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** The one link. */
  readonly action?: { readonly label: string; readonly href: string } | undefined
  /** A one-time code, and the words before it. */
  readonly code?: { readonly intro: string; readonly value: string } | undefined
  /** What to do if this was not you, how long it works. */
  readonly ending: readonly string[]
}

// Mail programs know neither style sheets of ours nor custom properties, so style is inline and plain.
const BODY =
  'margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1d1d1b;background:#f3f2ee'
const CARD = 'max-width:480px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px'
const ACCENT = '#17594a'
const BUTTON =
  'display:inline-block;padding:12px 24px;border-radius:8px;color:#ffffff;text-decoration:none'
const CODE = 'font:bold 28px ui-monospace,monospace;letter-spacing:4px'
const SMALL = 'font-size:14px;color:#5c5b57'
const SIGNATURE = 'margin:16px auto 0;text-align:center;font-size:13px;color:#5c5b57'

/**
 * A letter as text and HTML, both complete: no pictures, nothing fetched, nothing that tells who opened it. It goes to
 * the bare address: a person's name may be a stranger's words.
 */
export function composeMail(
  { words, locale, accent = ACCENT }: Language,
  address: string,
  { subject, paragraphs, action, code, ending }: MailText,
): LetterContent {
  const text = [
    ...paragraphs,
    ...(code === undefined ? [] : [code.intro, `    ${code.value}`]),
    ...(action === undefined ? [] : [`${action.label}:`, action.href]),
    ...ending,
    words.product,
  ].join('\n\n')
  const html = render(
    <html lang={locale.lang} dir={locale.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{subject}</title>
        <meta name="color-scheme" content="light" />
      </head>
      <body style={BODY}>
        <div style={CARD}>
          {paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          {code !== undefined && (
            <>
              <p>{code.intro}</p>
              <p dir="ltr" style={CODE}>
                {code.value}
              </p>
            </>
          )}
          {action !== undefined && (
            <p>
              <a href={action.href} style={`${BUTTON};background:${accent}`}>
                {action.label}
              </a>
            </p>
          )}
          {ending.map((line) => (
            <p key={line} style={SMALL}>
              {line}
            </p>
          ))}
        </div>
        <p style={SIGNATURE}>{words.product}</p>
      </body>
    </html>,
  )
  return { to: { name: '', address }, subject, text: `${text}\n`, html: `<!doctype html>${html}` }
}
