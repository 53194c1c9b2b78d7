/** A sentence around a piece of somebody else's text, so that the page can isolate it and a title can join it. */
export type Phrase = <T>(inset: T) => readonly (string | T)[]
