/**
 * Rejects when work has not settled within the limit; work itself goes on unheard.
 * Throws an Error that says what took too long.
 */
export async function withTimeLimit<T>(
  what: string,
  limitMs: number,
  work: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what} took longer than ${limitMs} ms`))
    }, limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
