/** OIDC Core 1.0 §3.1.2.1. */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const
export type Prompt = (typeof PROMPTS)[number]

/** The prompts asked for, or a sentence that says what is wrong with them. */
export function parsePrompt(text: string | undefined): ReadonlySet<Prompt> | string {
  const prompts = new Set<Prompt>()
  for (const word of (text ?? '').split(' ').filter((part) => part !== '')) {
    const prompt = PROMPTS.find((known) => known === word)
    if (prompt === undefined) return 'prompt has a value that is not supported'
    prompts.add(prompt)
  }
  // OIDC Core 1.0 §3.1.2.1: none with any other value is an error.
  if (prompts.has('none') && prompts.size > 1) return 'prompt none stands alone'
  return prompts
}
