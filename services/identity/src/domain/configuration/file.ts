import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { CLIENT_ID, ClientMetadata, clientFaults } from '../clients/client.ts'
import { isOpenIdScope } from '../oauth/scope.ts'
import { builtInResources, isBuiltInScope } from '../resources/built-in.ts'
import { Settings } from '../settings/settings.ts'
import { ProviderEntry } from '../upstream/provider-entry.ts'
import { parseEmail } from '../users/email.ts'

const Text = z
  .string()
  .min(1)
  .max(2048)
  .refine(
    (text) => text.isWellFormed() && !text.includes('\0'),
    'holds characters that are not text',
  )

/** Applications show these as links and images: nothing that runs. */
const WebUri = z.url({ protocol: /^https?$/ })

const Address = z.strictObject({
  formatted: Text.optional(),
  street_address: Text.optional(),
  locality: Text.optional(),
  region: Text.optional(),
  postal_code: Text.optional(),
  country: Text.optional(),
})

const Claims = z.strictObject({
  name: Text.optional(),
  given_name: Text.optional(),
  family_name: Text.optional(),
  middle_name: Text.optional(),
  nickname: Text.optional(),
  preferred_username: Text.optional(),
  profile: WebUri.optional(),
  picture: WebUri.optional(),
  website: WebUri.optional(),
  gender: Text.optional(),
  // OIDC Core 1.0 §5.1: YYYY-MM-DD, 0000 for an unsaid year, or the year alone.
  birthdate: z
    .string()
    .regex(/^\d{4}(-\d{2}-\d{2})?$/)
    .optional(),
  zoneinfo: Text.optional(),
  locale: Text.optional(),
  phone_number: Text.optional(),
  phone_number_verified: z.boolean().optional(),
  address: Address.optional(),
})

const Identifier = z
  .url()
  .refine((uri) => !uri.includes('#'), 'must have no fragment (RFC 8707 §2)')
const ScopeName = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'is not a scope name (RFC 6749 §3.3)')
  .refine((name) => !isOpenIdScope(name), 'is a scope of OpenID Connect, not of an API')
  .refine((name) => !isBuiltInScope(name), 'is a scope of an API of this service itself')

const Resource = z.strictObject({
  identifier: Identifier,
  name: Text,
  scopes: z.record(ScopeName, Text).default({}),
})

const Client = ClientMetadata.extend({
  client_id: z.string().regex(CLIENT_ID, 'must be 1 to 255 printable characters'),
  client_secret: z.string().min(16, 'must have 16 characters at least').max(512).optional(),
}).superRefine(({ client_id: _id, client_secret, ...metadata }, context) => {
  for (const { member, reason } of clientFaults(metadata, client_secret !== undefined))
    context.addIssue({ code: 'custom', path: [member], message: reason })
})

const User = z.strictObject({
  email: z.string().refine((text) => parseEmail(text) !== undefined, 'is not an e-mail address'),
  email_verified: z.boolean().optional(),
  password: z.string().min(8, 'must have 8 characters at least').max(1024).optional(),
  roles: z.array(Text).optional(),
  claims: Claims.optional(),
})

const ConfigurationFile = z
  .strictObject({
    settings: Settings.partial().default({}),
    resources: z.array(Resource).default([]),
    roles: z.array(z.strictObject({ name: Text, description: z.string().default('') })).default([]),
    clients: z.array(Client).default([]),
    users: z.array(User).default([]),
    providers: z.array(ProviderEntry).max(20).default([]),
  })
  .superRefine((file, context) => {
    const once = (noun: string, ids: string[]) =>
      ids.forEach((id, index) => {
        if (ids.indexOf(id) !== index)
          context.addIssue({ code: 'custom', path: [noun, index], message: `${id} is there twice` })
      })
    once(
      'resources',
      file.resources.map(({ identifier }) => identifier),
    )
    once(
      'roles',
      file.roles.map(({ name }) => name),
    )
    once(
      'clients',
      file.clients.map(({ client_id }) => client_id),
    )
    once(
      'users',
      file.users.map(({ email }) => parseEmail(email) ?? email),
    )
    once(
      'providers',
      file.providers.map(({ id }) => id),
    )
  })
export type ConfigurationFile = z.infer<typeof ConfigurationFile>

/** The file of one issuer: the APIs that are built in there are not for the file to define. */
function fileOf(issuer: string) {
  const builtIn = new Set(builtInResources(issuer).map(({ identifier }) => identifier))
  const host = new URL(issuer).hostname
  return ConfigurationFile.superRefine(({ resources, settings }, context) => {
    const { passkey_rp_id: id = host } = settings
    // WebAuthn Level 3 §5.1.3 step 8: browsers refuse any other one.
    if (id !== host && !host.endsWith(`.${id}`))
      context.addIssue({
        code: 'custom',
        path: ['settings', 'passkey_rp_id'],
        message: `is neither ${host} nor a domain above it`,
      })
    resources.forEach(({ identifier }, index) => {
      const path = ['resources', index, 'identifier']
      const message = 'is an API of this service itself, which is built in'
      if (builtIn.has(identifier)) context.addIssue({ code: 'custom', path, message })
    })
  })
}

export interface FileFault {
  /** Such as `clients[0].redirect_uris[1]`. */
  readonly path: string
  readonly line: number | undefined
  readonly reason: string
}

export type ParsedFile =
  | {
      readonly kind: 'valid'
      readonly file: ConfigurationFile
      readonly settings: Record<string, unknown>
    }
  | { readonly kind: 'faulty'; readonly faults: FileFault[] }

/** Reads the configuration file of an issuer, YAML or JSON; every fault at once, with its path and line. */
export function parseConfigurationFile(text: string, issuer?: string): ParsedFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? undefined : lines.linePos(offset).line
  if (document.errors.length > 0)
    return {
      kind: 'faulty',
      faults: document.errors.map(({ pos, message }) => ({
        path: '',
        line: lineAt(pos[0]),
        reason: message.split('\n', 1)[0] ?? message,
      })),
    }

  let content: unknown
  try {
    content = document.toJS() ?? {}
  } catch (error) {
    // An alias of nothing, or so many aliases that the file would never end.
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'faulty', faults: [{ path: '', line: undefined, reason }] }
  }
  const parsed = (issuer === undefined ? ConfigurationFile : fileOf(issuer)).safeParse(content)
  if (parsed.success) return { kind: 'valid', file: parsed.data, settings: given(content) }

  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true)
      if (hasRange(node)) return lineAt(node.range[0])
    }
    return undefined
  }
  const faults = parsed.error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return keys.map((key) => {
      const path = key === undefined ? issue.path : [...issue.path, key]
      const reason = key === undefined ? reasonOf(issue) : 'is not a known setting'
      return { path: spell(path), line: lineOf(path), reason }
    })
  })
  return { kind: 'faulty', faults }
}

/** Why a name in a map will not do stands inside of what says that it will not. */
function reasonOf(issue: z.core.$ZodIssue): string {
  return (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message
}

/** The settings that the file itself names: defaults are not written down, so that they can change. */
function given(content: unknown): Record<string, unknown> {
  if (typeof content !== 'object' || content === null || !('settings' in content)) return {}
  const { settings } = content
  return typeof settings === 'object' && settings !== null ? { ...settings } : {}
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}

function spell(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join('')
}

/** One fault as a line for people. */
export function describeFault({ path, line, reason }: FileFault): string {
  const place = line === undefined ? '' : `line ${line}: `
  return `${place}${path === '' ? '' : `${path} `}${reason}`
}
