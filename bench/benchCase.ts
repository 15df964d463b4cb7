import { createHash } from 'node:crypto'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { noChange } from '#src/case/decideBlock.ts'
import { openCase, openingChange } from '#src/case/openCase.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Case } from '#types/case.ts'
import type { Address } from '#types/chain.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { Store } from '#types/store.ts'
import { firstNumber, hashOf } from './replay/createReplayChain.ts'

const ether = 10n ** 18n

/** A theft whose sources hold ten ether each, followed behind the first block of the replayed chain. */
export function benchTheft(sources: number): Case {
  return {
    id: 'bench',
    name: 'Benchmark',
    chain: ethereum.id,
    stolenAt: 1_771_300_000,
    followAfter: firstNumber,
    assets: [ethereum.native],
    sources: Array.from({ length: sources }, (_, index) => ({
      address: benchAddress(index),
      asset: ethereum.native.id,
      amount: 10n * ether,
    })),
    published: [],
  }
}

/** Spread like real addresses; the same for the same index, and none of the recorded blocks. */
export function benchAddress(index: number): Address {
  return `0x${createHash('sha1').update(`posse bench ${index}`).digest('hex')}`
}

/** Accounts that a block brings where a database is filled. */
const accountsPerBlock = 5000

/**
 * Makes a database in which `theft` has reached so many addresses, all of it final. Answers the last block followed.
 */
export async function fillStore(
  file: string,
  { theft, addresses }: { theft: Case; addresses: number },
): Promise<number> {
  const store = await createStore(await openSqlite(file))
  try {
    const open = openCase(theft, { serviceOf: () => null })
    await save(store, open, openingChange(open))
    let number = firstNumber
    for (let from = theft.sources.length; from < addresses; from += accountsPerBlock) {
      number += 1
      const to = Math.min(from + accountsPerBlock, addresses)
      await save(store, open, reaching(open, { number, from, to }))
    }
    return number
  } finally {
    await store.close()
  }
}

async function save(store: Store, open: OpenCase, change: CaseChange): Promise<void> {
  await store.saveChanges([change], { now: 0 })
  if (change.head) open.head = change.head
}

/** A block that brings addresses onto the trail, each like the first source. */
function reaching(
  open: OpenCase,
  { number, from, to }: { number: number; from: number; to: number },
): CaseChange {
  const head = { number, hash: hashOf(number), time: open.case.stolenAt }
  const ledgers = [...open.trail.ledgers.values()].map((ledger) => {
    const { asset, stolen, fees, dropped, swappedIn, swappedOut, totals } = ledger
    const [source] = ledger.accounts.values()
    if (!source) throw new RangeError('The case has no source.')
    const added = Array.from({ length: to - from }, (_, index) => benchAddress(from + index))
    const accounts = new Map(added.map((address) => [address, { ...source, address }]))
    const books = { asset, stolen, fees, dropped, swappedIn, swappedOut, totals }
    return { ...books, accounts, dust: new Map() }
  })
  return {
    ...noChange(open),
    head,
    ledgers,
    settledTo: number,
    undo: { ...head, ledgers: [], groups: new Map() },
  }
}
