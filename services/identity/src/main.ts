import { fail } from './cli/failure.ts'
import { serve } from './cli/serve.ts'

try {
  await serve()
} catch (error) {
  fail(error)
}
