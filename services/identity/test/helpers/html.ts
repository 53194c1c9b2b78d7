// Attribute values may hold a bare `>`, which HTML allows and renderers leave alone.
const attributeText = `((?:"[^"]*"|'[^']*'|[^>"'])*)`
const formTag = new RegExp(`<form\\b${attributeText}>([\\s\\S]*?)</form>`, 'gi')
const fieldTag = new RegExp(`<(input|button|textarea|select)\\b${attributeText}>`, 'gi')
const linkTag = new RegExp(
  `<(a|form|button|input|meta|iframe|link|script)\\b${attributeText}>`,
  'gi',
)

/** A form as a browser would submit it. */
export interface Form {
  readonly action: string
  readonly method: 'get' | 'post'
  /** Fields in document order with their present value; buttons are apart. */
  readonly fields: readonly { readonly name: string; readonly type: string; value: string }[]
  readonly buttons: readonly { readonly name: string; readonly value: string }[]
}

/** Every form of a page. Reads the small, regular HTML this service writes; not a general parser. */
export function formsOf(html: string): Form[] {
  return [...html.matchAll(formTag)].map((match) => {
    const attributes = attributesOf(match[1] ?? '')
    const inner = match[2] ?? ''
    const fields: { name: string; type: string; value: string }[] = []
    const buttons: { name: string; value: string }[] = []
    for (const tag of inner.matchAll(fieldTag)) {
      const own = attributesOf(tag[2] ?? '')
      const name = own.get('name') ?? ''
      const type = (own.get('type') ?? (tag[1] === 'button' ? 'submit' : 'text')).toLowerCase()
      const value = tag[1] === 'textarea' ? contentAfter(inner, tag) : (own.get('value') ?? '')
      if (type === 'submit') buttons.push({ name, value })
      else if (type === 'button' || name === '') continue
      else if ((type === 'checkbox' || type === 'radio') && !own.has('checked')) continue
      else fields.push({ name, type, value: type === 'checkbox' && value === '' ? 'on' : value })
    }
    return {
      action: attributes.get('action') ?? '',
      method: attributes.get('method')?.toLowerCase() === 'post' ? 'post' : 'get',
      fields,
      buttons,
    }
  })
}

/** What stands in a textarea, as a browser would send it. */
function contentAfter(html: string, tag: RegExpExecArray): string {
  const from = tag.index + tag[0].length
  const text = html.slice(from, html.indexOf('</textarea>', from))
  return decode(text).replace(/\r?\n/g, '\r\n')
}

/** Targets of every link, form and refresh of a page. */
export function targetsOf(html: string): string[] {
  const targets: string[] = []
  for (const tag of html.matchAll(linkTag)) {
    const attributes = attributesOf(tag[2] ?? '')
    for (const name of ['href', 'action', 'formaction', 'src']) {
      const value = attributes.get(name)
      if (value !== undefined) targets.push(value)
    }
    if (attributes.get('http-equiv')?.toLowerCase() === 'refresh')
      targets.push((attributes.get('content') ?? '').replace(/^.*?url=/i, ''))
  }
  return targets
}

/** The words of a page without its markup. */
export function textOf(html: string): string {
  const visible = html
    .replace(/<(script|style|title)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<wbr ?\/?>/gi, '')
  return decode(visible.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const match of source.matchAll(/([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g))
    attributes.set((match[1] ?? '').toLowerCase(), decode(match[2] ?? match[3] ?? match[4] ?? ''))
  return attributes
}

function decode(text: string): string {
  const named = new Map([
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
    ['apos', "'"],
    ['nbsp', '\u00a0'],
  ])
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)))
    return named.get(name) ?? whole
  })
}
