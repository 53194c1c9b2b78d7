import { explainUri } from '../../src/domain/faults/explain-uri.ts'
import { type Fault, faultOf } from '../../src/domain/faults/fault.ts'
import { FAULT_STYLE } from '../../src/http/errors/fault-view.tsx'
import type { Words } from '../../src/http/words/words.ts'
import { faultView, referenceView, unknownFaultView } from '../../src/interaction/error/view.tsx'
import type { State } from './gallery-fixtures.ts'

const id = '7Q2MZK4TB9XD'

function faultOfUri(asked: string, clientId: string): Fault {
  const registered = ['https://notes.example/signed-in/callback', 'http://127.0.0.1/callback']
  const parameter = 'redirect_uri'
  return faultOf({
    id,
    at: new Date('2026-11-21T14:03:22Z'),
    code: 'redirect_uri_not_registered',
    status: 400,
    method: 'GET',
    path: '/authorize',
    clientId,
    why: explainUri({ parameter, clientId, registered, asked, unregistrable: undefined }),
  })
}

/** The commonest mistake of all, as the check explains it. */
export const exampleFault = faultOfUri('https://notes.example/signed-in/callback/', 'notes')
/** Several differences at once, and a line that is too long for a phone. */
const nativeFault = faultOfUri('http://localhost:3000/callback/', 'notes')

/** A fault of which a stranger has chosen every word there is to choose. */
export function hostileFault(text: string): Fault {
  const fault = faultOfUri(text, text)
  return { ...fault, path: text, expected: { redirect_uri: text }, advice: text, change: text }
}

/** Every state of the page behind `error_uri`. */
export function faultPages(words: Words): readonly State[] {
  const { title, unknownTitle } = words.faults
  const bare = faultOf({
    id,
    at: exampleFault.at,
    code: 'invalid_grant',
    status: 400,
    method: 'POST',
    path: '/token',
    clientId: 'notes',
    why: { check: 'code_used' },
  })
  return [
    { name: 'fault', title, body: faultView(words, nativeFault), style: FAULT_STYLE },
    { name: 'fault-bare', title, body: faultView(words, bare), style: FAULT_STYLE },
    { name: 'fault-reference', title, body: referenceView(words, id) },
    {
      name: 'error-unknown-id',
      title: unknownTitle,
      body: unknownFaultView(words, id),
      error: true,
    },
  ]
}
