import type { Mark, OwnAccount, OwnDataStore, TimedMark } from './store.ts'

/** Tells programs how to read the file; another shape gets another name. */
const FORMAT = 'signet-account-data/1'

/** Particulars of events that are about the person; whatever else a record may hold stays here. */
const SHOWN_DETAILS: ReadonlySet<string> = new Set([
  'amr',
  'because',
  'by',
  'fields',
  'newDevice',
  'permissions',
  'roles',
  'userAgent',
])

/** The document as text, one entry a line: readable, and any JSON parser's food. */
export async function* ownDataText(
  store: OwnDataStore,
  account: OwnAccount,
  { issuer, at }: { readonly issuer: string; readonly at: Date },
): AsyncGenerator<string> {
  const { id } = account
  yield `{\n"format": "${FORMAT}",\n`
  yield `"issuer": ${JSON.stringify(issuer)},\n"made_at": ${JSON.stringify(at)},\n`
  yield `"account": ${JSON.stringify(accountEntry(account), null, 2)},\n`
  yield `"second_factors": ${JSON.stringify(factorsEntry(await store.factors(id)), null, 2)},\n`
  yield* list('trusted_devices', await store.trustedDevices(id), trustedDeviceEntry)
  yield* list('linked_accounts', await store.identities(id), identityEntry)
  const applications = (await store.permissions(id)).map(applicationEntry)
  yield* list('applications', applications)
  const devices = rows<Device>(async (after) => store.devices(id, after))
  yield* list('devices', devices, deviceEntry)
  const grants = rows<Grant>(async (after) => store.grants(id, after))
  yield* list('application_sign_ins', grants, grantEntry)
  const log = rows<Entry, TimedMark>(async (after) => store.log(id, after))
  yield* list('security_log', log, logEntry, '\n}\n')
}

type Rows<Name extends Exclude<keyof OwnDataStore, 'account' | 'factors'>> = Awaited<
  ReturnType<OwnDataStore[Name]>
>[number]
type Device = Rows<'devices'>
type Grant = Rows<'grants'>
type Entry = Rows<'log'>

/** All rows of a query that answers page by page. */
async function* rows<Row extends After, After = Mark>(
  page: (after: After | undefined) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for (let read = await page(undefined); ;) {
    yield* read
    const last = read.at(-1)
    if (last === undefined) return
    read = await page(last)
  }
}

async function* list<Row>(
  name: string,
  entries: AsyncIterable<Row> | Iterable<Row>,
  entryOf: (row: Row) => unknown = (row) => row,
  end = ',\n',
): AsyncGenerator<string> {
  yield `"${name}": [`
  let separator = '\n'
  for await (const row of entries) {
    yield `${separator}${JSON.stringify(entryOf(row))}`
    separator = ',\n'
  }
  yield `\n]${end}`
}

function accountEntry(account: OwnAccount) {
  const { pendingEmail, pendingEmailAskedAt } = account
  return {
    sub: account.id,
    email: account.email,
    email_verified: account.emailVerified,
    new_email:
      pendingEmail === null ? null : { email: pendingEmail, asked_at: pendingEmailAskedAt },
    profile: account.claims,
    roles: account.roles,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    password_changed_at: account.passwordChangedAt,
  }
}

function factorsEntry(factors: Awaited<ReturnType<OwnDataStore['factors']>>) {
  const { authenticators, passkeys, recoveryCodes } = factors
  const named = ({ name, createdAt, lastUsedAt }: (typeof passkeys)[number]) => ({
    name,
    added_at: createdAt,
    last_used_at: lastUsedAt,
  })
  return {
    authenticators: authenticators.map(named),
    passkeys: passkeys.map(named),
    recovery_codes: recoveryCodes.map(({ createdAt, usedAt }) => ({
      made_at: createdAt,
      used_at: usedAt,
    })),
  }
}

function trustedDeviceEntry(device: Rows<'trustedDevices'>) {
  return {
    added_at: device.createdAt,
    last_used_at: device.lastUsedAt,
    expires_at: device.expiresAt,
    ip: device.ip,
    user_agent: device.userAgent,
  }
}

function identityEntry(identity: Rows<'identities'>) {
  return {
    provider: identity.provider,
    issuer: identity.issuer,
    subject: identity.subject,
    email: identity.email,
    linked_at: identity.createdAt,
    last_used_at: identity.lastUsedAt,
  }
}

function applicationEntry(application: Rows<'permissions'>) {
  return {
    client_id: application.clientId,
    name: application.clientName ?? application.clientId,
    permissions: application.permissions,
    allowed_at: application.grantedAt,
  }
}

function deviceEntry(device: Device) {
  return {
    sid: device.id,
    created_at: device.createdAt,
    signed_in_at: device.authTime,
    last_seen_at: device.lastSeenAt,
    expires_at: device.expiresAt,
    ended_at: device.endedAt,
    amr: device.amr,
    ip: device.ip,
    user_agent: device.userAgent,
  }
}

function grantEntry(grant: Grant) {
  return {
    client_id: grant.clientId,
    name: grant.clientName ?? grant.clientId,
    sid: grant.sessionId,
    scopes: grant.scopes,
    resources: grant.resources,
    created_at: grant.createdAt,
    last_token_at: grant.rotatedAt,
    expires_at: grant.expiresAt,
    ended_at: grant.endedAt,
    ended_because: grant.endedBecause,
  }
}

function logEntry({ at, event, clientId, sessionId, ip, detail }: Entry) {
  const shown = Object.entries(detail ?? {}).filter(([name]) => SHOWN_DETAILS.has(name))
  return {
    at,
    event,
    client_id: clientId,
    sid: sessionId,
    ip,
    ...(shown.length > 0 && { detail: Object.fromEntries(shown) }),
  }
}
