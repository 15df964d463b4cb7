import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Schema } from '#src/store/schema.ts'

const program = fileURLToPath(new URL('../support/saveForever.ts', import.meta.url))
const rounds = 5

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posse-kill-'))
  file = join(folder, 'posse.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Starts to save; `lines` grows with what has been saved. */
function startSaving() {
  const child: ChildProcess = spawn(process.execPath, [program, file])
  const output = { text: '', errors: '' }
  child.stdout?.on('data', (data) => {
    output.text += data
  })
  child.stderr?.on('data', (data) => {
    output.errors += data
  })
  return { child, output, closed: once(child, 'close') }
}

async function untilSaved(output: { text: string; errors: string }, blocks: number): Promise<void> {
  while (output.text.split('\n').length <= blocks) {
    if (output.errors) throw new Error(output.errors)
    await setTimeout(2)
  }
}

describe('a process that is killed while it saves', () => {
  test('behavior: loses nothing that was saved and leaves no block by halves', async () => {
    let last = -1
    for (let round = 0; round < rounds; round++) {
      const { child, output, closed } = startSaving()
      await untilSaved(output, 20)
      await setTimeout(Math.random() * 60)
      child.kill('SIGKILL')
      await closed
      const saved = Number(output.text.split('\n').at(-2))
      expect(saved).toBeGreaterThan(last)
      const db = await openSqlite<Schema>(file)
      const { rows } = await sql<object>`PRAGMA integrity_check`.execute(db)
      expect(rows.flatMap((row) => Object.values(row))).toEqual(['ok'])
      const store = await createStore(db)
      const head = (await store.readCase('id'))?.head?.number ?? -1
      // The last one may have been saved without a word about it.
      expect([saved, saved + 1]).toContain(head)
      expect((await store.readHops('id')).map(({ block }) => block)).toEqual(
        Array.from({ length: head + 1 }, (_, at) => at),
      )
      const pages = store.scanAccounts('id', 'eip155:1/slip44:60')
      let accounts = 0
      for await (const page of pages) accounts += page.length
      expect(accounts).toBe(head + 2)
      const { pending } = await store.countDeliveries()
      expect(pending).toBe((head + 2) * 2)
      await store.close()
      last = head
    }
  }, 60_000)

  test('error: while it runs no other process gets the database', async () => {
    const { child, output, closed } = startSaving()
    try {
      await untilSaved(output, 1)
      for (let attempt = 0; attempt < 30; attempt++) {
        await expect(openSqlite(file)).rejects.toMatchObject({
          name: 'DatabaseInUseError',
          message: `The database "${file}" is in use by another process.`,
          retryable: true,
        })
        await setTimeout(3)
      }
      await untilSaved(output, 20)
    } finally {
      child.kill('SIGKILL')
      await closed
    }
    await (await openSqlite(file)).destroy()
  }, 60_000)
})
