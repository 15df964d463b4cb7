import { writeSync } from 'node:fs'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Schema } from '#src/store/schema.ts'
import { chainedBlock } from './chainedBlock.ts'
import { testHop } from './testAlert.ts'

// A program of its own: saves block after block into the file it is given and writes the number of each that is saved.
const store = await createStore(await openSqlite<Schema>(process.argv[2] ?? ''))
const saved = await store.readCase('id')
const options = { now: 0 }
if (!saved) await store.saveChanges([chainedBlock(-1)], options)
for (let number = (saved?.head?.number ?? -1) + 1; ; number++) {
  const hops = [testHop({ caseId: 'id', block: number })]
  await store.saveChanges([{ ...chainedBlock(number), hops }], options)
  writeSync(1, `${number}\n`)
}
