import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

const pg = createRequire(new URL('../services/identity/package.json', import.meta.url))('pg')

/** The server of the run: DATABASE_URL's, or one of its own that ends with this process. */
async function serverUrl() {
  const given = process.env.DATABASE_URL
  if (given !== undefined && given !== '') return given
  const { postgresServer } =
    await import('../services/identity/dist/test/helpers/postgres-server.js')
  return postgresServer()
}

/** A fresh database, with a connection that watches it from outside. `close` drops it. */
export async function freshDatabase() {
  const server = await serverUrl()
  const name = `signet_bench_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  const counter = await statementCounter(client, name)
  const { rows } = await client.query(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as synchronous_commit`,
  )
  return {
    url: server.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`),
    about: rows[0],
    counter,
    async close() {
      await client.query(`drop database ${name} with (force)`)
      await client.end()
    },
  }
}

/** How many statements the database has run: exactly where pg_stat_statements is loaded, else its transactions. */
async function statementCounter(client, name) {
  try {
    await client.query('create extension if not exists pg_stat_statements')
    await client.query('select 1 from pg_stat_statements limit 1')
  } catch {
    return {
      how: 'transactions of pg_stat_database (pg_stat_statements is not loaded)',
      async read() {
        // Sessions report with a second's delay.
        await wait(1200)
        await client.query('select pg_stat_clear_snapshot()')
        return sum(
          await client.query(
            'select xact_commit + xact_rollback as n from pg_stat_database where datname = $1',
            [name],
          ),
        )
      },
    }
  }
  return {
    how: 'pg_stat_statements',
    async read() {
      return sum(
        await client.query(
          `select sum(calls) as n from pg_stat_statements(false) s
            join pg_database d on d.oid = s.dbid where d.datname = $1 and s.toplevel`,
          [name],
        ),
      )
    },
  }
}

function sum({ rows }) {
  return Number(rows[0]?.n ?? 0)
}
