import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { UserError } from '#errors/userError.ts'
import { runAudit } from '#src/main/runAudit.ts'
import { createStore } from '#src/store/createStore.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-audit-'))
const file = join(folder, 'posse.db')
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(async () => {
  const store = await createStore(await openSqlite(file))
  for (const at of [1, 2, 3]) {
    await store.appendAudit({
      ...{ at, account: 'terminal', name: 'Ann', role: 'admin', organization: null },
      ...{ channel: 'terminal', text: 'status', outcome: 'asked', reference: 'r' },
    })
  }
  await store.close()
})

async function audit(...args: string[]): Promise<string> {
  const said: string[] = []
  const write = (text: string) => said.push(text)
  const settings = join(folder, 'posse.config.json')
  try {
    const code = await runAudit(args, { settings, write })
    return `${code} ${said.join('')}`.trimEnd()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${error.message} ${error.hint}`.replaceAll(folder, 'FOLDER')
  }
}

describe('posse audit verify', () => {
  test('default: lines and the last hash, and whether a noted one is part of it', async () => {
    expect(await audit('verify', '--database', file)).toMatchInlineSnapshot(`
      "0 The audit log is whole: 3 lines, the last with the hash c7609b2a3808a0cad454952c62403e061b02c96529b1993cdc88f21ccd6bb16e.
      Note it where Posse cannot write, and give it as --head the next time."
    `)
    expect(
      await audit('verify', '--database', file, '--head', '0'.repeat(12)),
    ).toMatchInlineSnapshot(`
      "0 The audit log is whole: 3 lines, the last with the hash c7609b2a3808a0cad454952c62403e061b02c96529b1993cdc88f21ccd6bb16e.
      The noted hash is that of line 0: all up to it is as it was then."
    `)
    expect(
      await audit('verify', '--database', file, '--head', 'ABCDEF012345'),
    ).toMatchInlineSnapshot(`
      "1 The audit log is whole: 3 lines, the last with the hash c7609b2a3808a0cad454952c62403e061b02c96529b1993cdc88f21ccd6bb16e.
      The noted hash "abcdef012345" is not part of the chain: lines were written anew or cut off since."
    `)
  })

  test('error: what it does not understand, and a database that is not there', async () => {
    expect([
      await audit(),
      await audit('show'),
      await audit('verify', 'twice'),
      await audit('verify', '--heads', 'x'),
      await audit('verify', '--database', file, '--head', 'abc'),
      await audit('verify'),
      await audit('verify', '--database', join(folder, 'none.db')),
    ]).toMatchInlineSnapshot(`
      [
        """ does not fit posse audit: it is not verify. Usage: posse audit verify [--database FILE] [--head HASH]",
        ""show" does not fit posse audit: it is not verify. Usage: posse audit verify [--database FILE] [--head HASH]",
        ""twice" does not fit posse audit: it is not verify. Usage: posse audit verify [--database FILE] [--head HASH]",
        "posse audit does not understand its options. Usage: posse audit verify [--database FILE] [--head HASH]",
        ""abc" does not fit --head: it is no hash. Write at least its first 12 hex digits, as /posse audit and posse audit verify show them.",
        "Which database to verify is not known. Name it with --database, or write the settings file "FOLDER/posse.config.json".",
        "There is no database "FOLDER/none.db". Name the database of a Posse that has been started, or a copy of it.",
      ]
    `)
    writeFileSync(join(folder, 'posse.config.json'), '{}')
    expect(await audit('verify')).toContain('The settings file "FOLDER/posse.config.json" has')
  })

  test('behavior: the first bad line, and a noted hash behind it', async () => {
    const database = new DatabaseSync(file)
    const { hash } = database.prepare('select hash from audit where seq = 3').get() as {
      hash: string
    }
    database.exec(`drop trigger audit_unchanged; update audit set account = 'x' where seq = 2`)
    database.close()
    expect(await audit('verify', '--database', file, '--head', hash)).toMatchInlineSnapshot(`
      "1 Line 2 of the audit log was changed: its column account is not what its record says.
      Before it all is as it was written: 1 line, the last with the hash 3fc1942bd58a003385c4b2451ad89c3c4eb8d207b7430665fa5174a989114571.
      Keep a copy of the database as it is, and compare it with an older one.
      The noted hash "c7609b2a3808a0cad454952c62403e061b02c96529b1993cdc88f21ccd6bb16e" is not part of the chain: no line up to there has it."
    `)
  })
})
