import type { Tx } from './schema.ts'

/** Version 4: ledgers say what became another asset, and what came from one. */
export async function addSwaps(tx: Tx): Promise<void> {
  for (const column of ['swapped_in', 'swapped_out']) {
    await tx.schema
      .alterTable('ledger')
      .addColumn(column, 'text', (definition) => definition.notNull().defaultTo('[]'))
      .execute()
  }
}
