/** The folder of `pglite:<folder>`: closed to other users, so secrets may lie beside the database. */
export function embeddedFolder(url: string): string | undefined {
  const folder = /^pglite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  return folder === 'memory' ? undefined : folder
}
