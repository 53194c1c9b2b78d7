import { createContext } from 'preact'
import { type Look, PLAIN_LOOK } from '../look/look.ts'

/** The look of the page around a part, so that no view has to hand it on. */
export const LookContext = createContext<Look>(PLAIN_LOOK)
