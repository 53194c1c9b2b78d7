import { accountApi } from '../account/api/api.ts'
import type { Api } from '../http/api/operation.ts'
import type { Parts } from './parts.ts'

/** The APIs of this service itself. */
export function createApis(parts: Parts): readonly Api[] {
  return [accountApi(parts)]
}
