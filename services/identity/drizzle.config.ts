import { defineConfig } from 'drizzle-kit'

// Run from the repository root by `npm run migrations -- --name what_changes`: paths are relative to it.
export default defineConfig({
  dialect: 'postgresql',
  schema: './services/identity/src/domain/*/schema.ts',
  out: './services/identity/migrations',
})
