import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import type { Schema } from '#src/store/schema.ts'

/** PostgreSQL inside this process, and a way to empty it: starting another takes seconds. */
export function openPglite() {
  const pglite = new PGlite()
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) })
  return {
    db,
    async empty(): Promise<void> {
      await pglite.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    },
    close: () => pglite.close(),
  }
}
