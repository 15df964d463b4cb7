import type { Tx } from './schema.ts'

/** Version 5: accounts say which coins carry what they hold, on chains of coins. */
export async function addCoins(tx: Tx): Promise<void> {
  await tx.schema
    .alterTable('account')
    .addColumn('coins', 'text', (definition) => definition.notNull().defaultTo(''))
    .execute()
}
