import { z } from 'zod'

const Member = z
  .object({
    essential: z.boolean().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).optional(),
  })
  .nullable()

const Members = z.record(z.string().max(256), Member)

/** The `claims` request parameter, OIDC Core 1.0 §5.5; members we do not know are ignored. */
export const ClaimsRequest = z.object({
  userinfo: Members.nullish(),
  id_token: Members.nullish(),
})
export type ClaimsRequest = z.infer<typeof ClaimsRequest>

/** The request as an object, or undefined when the text is not one. */
export function parseClaimsRequest(text: string): ClaimsRequest | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = ClaimsRequest.safeParse(json)
  return parsed.success ? parsed.data : undefined
}

/** Values of an acr that the client declared essential (OIDC Core 1.0 §5.5.1.1): to be met or refused. */
export function essentialAcr(request: ClaimsRequest | undefined): string[] {
  const member = request?.id_token?.['acr'] ?? undefined
  if (member?.essential !== true) return []
  const values = member.values ?? (member.value === undefined ? [] : [member.value])
  return values.filter((value) => typeof value === 'string')
}

/** The subject a client insists on, if it does (OIDC Core 1.0 §5.5.1). */
export function requiredSubject(request: ClaimsRequest | undefined): unknown {
  return request?.id_token?.['sub']?.value
}
