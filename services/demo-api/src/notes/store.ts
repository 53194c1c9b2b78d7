import { randomUUID } from 'node:crypto'

export interface Note {
  readonly id: string
  readonly owner: string
  readonly text: string
  readonly createdAt: Date
}

export interface NoteLimits {
  readonly perOwner: number
  readonly total: number
}

export type AddResult =
  | { readonly status: 'added'; readonly note: Note }
  | { readonly status: 'owner_full' }
  | { readonly status: 'full' }

/** Notes in memory, gone with the process: the demo is about who may, not about storage. */
export function createNoteStore(
  clock: () => number,
  limits: NoteLimits = { perOwner: 100, total: 20_000 },
) {
  // Insertion order is the order of time.
  const notes = new Map<string, Note>()
  const counts = new Map<string, number>()

  function drop({ id, owner }: Note): void {
    notes.delete(id)
    const left = (counts.get(owner) ?? 1) - 1
    if (left === 0) counts.delete(owner)
    else counts.set(owner, left)
  }

  return {
    /** Newest first. */
    of(owner: string): Note[] {
      return [...notes.values()].filter((note) => note.owner === owner).reverse()
    },

    /** Newest first, of everybody. */
    all(): Note[] {
      return [...notes.values()].reverse()
    },

    add(owner: string, text: string): AddResult {
      const count = counts.get(owner) ?? 0
      if (count >= limits.perOwner) return { status: 'owner_full' }
      if (notes.size >= limits.total) return { status: 'full' }
      const note = { id: randomUUID(), owner, text, createdAt: new Date(clock()) }
      notes.set(note.id, note)
      counts.set(owner, count + 1)
      return { status: 'added', note }
    },

    remove(id: string): boolean {
      const note = notes.get(id)
      if (note === undefined) return false
      drop(note)
      return true
    },

    removeAllOf(owner: string): void {
      for (const note of notes.values()) if (note.owner === owner) drop(note)
    },
  }
}

export type NoteStore = ReturnType<typeof createNoteStore>
