import { watchChain } from '#chain/watchChain.ts'
import { applyCaseChange } from '#src/case/applyCaseChange.ts'
import { decideBlock, decideEnd, decideFinality, noChange } from '#src/case/decideBlock.ts'
import { decideReorg } from '#src/case/decideReorg.ts'
import { accountsAtHand, loadAccounts } from '#src/case/loadAccounts.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import { followBlock, type PriorBalances } from '#trace/followBlock.ts'
import type {
  Address,
  AssetId,
  Block,
  BlockRef,
  ChainReader,
  FetchedBlock,
  Head,
  Watch,
} from '#types/chain.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { TrailChange } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'
import type { Context } from './context.ts'
import { createProgress } from './tellProgress.ts'

/** Longest time in which blocks that are final and change nothing are followed without saving where we are. */
const unsavedMs = 1_000

/**
 * The trace loop of one chain: follows its blocks through cases that stand at the same block, until the chain ends or
 * the signal is given. Whatever happens is decided first, saved in one transaction, and then taken in.
 * - block: follow it, decide what to tell.
 * - reorg: take the undone blocks out of every case and correct what was told of them.
 * - finalize: forget how to undo.
 * @throws DeepReorgError, ContradictingNodeError, ProviderError, DiskFullError; RangeError where the cases do not stand
 *   at the same block, since one of them would follow blocks twice
 */
export async function runChain(
  context: Context,
  reader: ChainReader,
  {
    cases,
    signal,
    maxAtHand = accountsAtHand,
  }: {
    cases: readonly OpenCase[]
    signal: AbortSignal
    /** Accounts that memory keeps of a ledger; the others wait in the store. */
    maxAtHand?: number
  },
): Promise<void> {
  const [first] = cases
  if (!first) return
  for (const open of cases) checkPlace(open, first)
  const chain = context.chains.get(reader.chain)
  const from = first.undo.at(-1)?.number ?? 0
  const progress = createProgress(context, { chain, from })
  const savedAt = performance.now()
  const loop: Loop = { context, reader, cases, maxAtHand, savedAt, isSaved: true }
  for await (const event of watchChain(reader, { followed: first.undo, signal })) {
    switch (event.type) {
      case 'block':
        await takeBlock(loop, event.block, event.head)
        // The numbers of a recording have gaps, so that nobody knows how far behind it is.
        if (reader.readAhead > 1) {
          const catchUp = progress.take(event.block.number, event.head.number)
          for (const open of cases) open.catchUp = catchUp
        }
        break
      case 'reorg':
        await takeReorg(loop, event.ancestor)
        break
      case 'finalize':
        await takeFinality(loop, event.number)
        break
    }
  }
  if (!loop.isSaved) await save(loop, cases.map(noChange))
}

/** Tells what folded alerts have not told yet, when no block will come any more. */
export async function tellRest(context: Context, cases: readonly OpenCase[]): Promise<void> {
  const changes = cases.map((open) => decideEnd(context, open))
  if (changes.every(isEmpty)) return
  await saveAndApply(context, cases, changes)
}

type Loop = {
  context: Context
  reader: ChainReader
  cases: readonly OpenCase[]
  maxAtHand: number
  savedAt: number
  /** Whether the store knows where memory stands. */
  isSaved: boolean
}

function checkPlace(open: OpenCase, first: OpenCase): void {
  const [here, there] = [open, first].map(({ undo }) => undo.at(-1))
  if (here?.number === there?.number && here?.hash === there?.hash) return
  throw new RangeError(
    `The cases "${open.case.id}" and "${first.case.id}" stand at different blocks.`,
  )
}

async function takeBlock(loop: Loop, fetched: FetchedBlock, head: Head): Promise<void> {
  const { context, reader, cases, maxAtHand } = loop
  const { chain, number, hash, parentHash, time } = fetched
  const transactions = await fetched.readTransactions(watchOf(context, cases))
  const block: Block = { chain, number, hash, parentHash, time, transactions }
  const hasFinality = head.finalized !== undefined
  const changes: CaseChange[] = []
  for (const open of cases) {
    await loadAccounts(context, open, transactions, { maxAtHand })
    const change = await followWithBalances(context, reader, open, block)
    changes.push(decideBlock(context, open, { block, change, hasFinality }))
  }
  const isFinal = head.finalized !== undefined && number <= head.finalized
  // Following such blocks again after a crash changes nothing and tells nobody anything.
  if (isFinal && changes.every(isEmpty)) await applyUnsaved(loop, changes)
  else await save(loop, changes)
}

async function takeReorg(loop: Loop, ancestor: BlockRef): Promise<void> {
  const { context, cases, maxAtHand } = loop
  const changes: CaseChange[] = []
  for (const open of cases) {
    const undone = open.undo.filter(({ number }) => number > ancestor.number)
    const addresses = undone.flatMap(({ ledgers }) =>
      ledgers.flatMap(({ accounts }) => [...accounts.keys()]),
    )
    await loadAccounts(context, open, addresses, { maxAtHand })
    changes.push(decideReorg(context, open, ancestor))
  }
  context.log.warn({ chain: loop.reader.chain, ancestor: ancestor.number }, 'Reorganization')
  await save(loop, changes)
}

async function takeFinality(loop: Loop, number: number): Promise<void> {
  const { context, cases } = loop
  const changes = cases.map((open) => decideFinality(context, open, number))
  if (changes.every(isEmpty)) await applyUnsaved(loop, changes)
  else await save(loop, changes)
}

async function save(loop: Loop, changes: CaseChange[]): Promise<void> {
  await saveAndApply(loop.context, loop.cases, changes)
  loop.isSaved = true
  loop.savedAt = performance.now()
}

async function applyUnsaved(loop: Loop, changes: readonly CaseChange[]): Promise<void> {
  applyAll(loop.cases, changes)
  loop.isSaved = false
  if (performance.now() - loop.savedAt > unsavedMs) await save(loop, loop.cases.map(noChange))
}

async function saveAndApply(
  context: Context,
  cases: readonly OpenCase[],
  changes: readonly CaseChange[],
): Promise<void> {
  const channels = context.chats.map(({ name }) => name)
  await context.store.saveChanges(changes, { channels, now: context.now() })
  applyAll(cases, changes)
  if (changes.some(({ tellings }) => tellings.length > 0)) context.outbox.ring()
}

function applyAll(cases: readonly OpenCase[], changes: readonly CaseChange[]): void {
  for (const [place, change] of changes.entries()) {
    const open = cases[place]
    if (open) applyCaseChange(open, change)
  }
}

/** Whether a change does nothing but move on. */
function isEmpty({ ledgers, hops, seen, groups, told, forgotten }: CaseChange): boolean {
  const lists = [ledgers, hops, seen, told, forgotten]
  return groups.size === 0 && lists.every(({ length }) => length === 0)
}

function watchOf({ labels }: Context, cases: readonly OpenCase[]): Watch {
  return {
    isWatched: (address) => cases.some(({ watched }) => watched.has(address)),
    isService: (address) => serviceOf(labels, address) !== null,
  }
}

/** Follows a block, reading the earlier balances of the addresses that it brings onto the trail. */
async function followWithBalances(
  context: Context,
  reader: ChainReader,
  open: OpenCase,
  block: Block,
): Promise<TrailChange> {
  const balances = new Map<AssetId, Map<Address, bigint>>()
  const at = { number: block.number - 1, hash: block.parentHash }
  for (;;) {
    const change = followBlock(open.trail, block, {
      rules: rulesOf(context),
      balances: balances as PriorBalances,
    })
    if (change.missing.length === 0) return change
    const read = change.missing.map(async ({ asset, address }) => {
      const known = balances.get(asset) ?? new Map<Address, bigint>()
      balances.set(asset, known)
      known.set(address, await reader.readBalance({ asset, address, at }))
    })
    await Promise.all(read)
  }
}
