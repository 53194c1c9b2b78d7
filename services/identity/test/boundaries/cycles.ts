/** The groups of nodes that reach each other, each sorted; a node that imports itself is none. */
export function cyclesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[][] {
  const reach = new Map<string, ReadonlySet<string>>()
  for (const node of edges.keys()) reach.set(node, reachableFrom(node, edges))
  const groups = new Map<string, string[]>()
  for (const [node, reached] of reach) {
    const group = [...reached].filter((other) => reach.get(other)?.has(node) === true)
    if (group.length > 1) groups.set(group.toSorted().join(' '), group.toSorted())
  }
  return [...groups.values()]
}

function reachableFrom(
  start: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const seen = new Set<string>()
  const waiting = [start]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const next of edges.get(node) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      waiting.push(next)
    }
  }
  return seen
}
