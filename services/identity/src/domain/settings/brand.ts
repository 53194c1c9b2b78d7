import { z } from 'zod'
import { logoFault } from './logo.ts'

const MAX_NAME_CHARACTERS = 60
const MAX_CSS_BYTES = 16_384
// Line ends would end a mail header, marks of direction would turn the words around the name.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u

/** What makes the pages the operator's own: its name, colour, logo and style. */
export const Brand = z.strictObject({
  name: z
    .string()
    .max(MAX_NAME_CHARACTERS, `must have ${MAX_NAME_CHARACTERS} characters at most`)
    .refine((text) => text !== '' && text === text.trim(), 'must begin and end with a character')
    .refine((text) => !UNPRINTABLE.test(text), 'holds characters that cannot be printed')
    .optional(),
  accent_color: z
    .string()
    .regex(/^#[\da-f]{6}$/i, 'must be a colour such as #17594a')
    .optional(),
  logo_uri: z
    .string()
    .superRefine((uri, context) => {
      const message = logoFault(uri)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .optional(),
  css: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= MAX_CSS_BYTES, 'must have 16 kB at most')
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds what is not text')
    .optional(),
})
export type Brand = z.infer<typeof Brand>
