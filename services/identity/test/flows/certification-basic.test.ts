import t from 'tap'
import { requestModules } from '../helpers/certification-requests.ts'
import { tokenModules } from '../helpers/certification-tokens.ts'
import { startIdentity } from '../helpers/identity.ts'
import { Provider } from '../helpers/provider.ts'
import { world } from '../helpers/world.ts'

// oidcc-basic-certification-test-plan with static clients: each module under its own name.
const identity = await startIdentity(t, { config: world() })
const exam = { identity, provider: new Provider(identity.issuer), mode: 'query' } as const
const modules = { ...tokenModules, ...requestModules }

t.equal(Object.keys(modules).length, 35, 'the plan has 35 modules for static clients')
for (const [name, module] of Object.entries(modules)) void t.test(name, (t) => module(t, exam))
