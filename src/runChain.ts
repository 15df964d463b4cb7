import { createSkip } from '#chain/skipQuiet.ts'
import { watchChain } from '#chain/watchChain.ts'
import { applyCaseChange } from '#src/case/applyCaseChange.ts'
import { findCandidates } from '#src/case/candidates.ts'
import { contractsOn, findContracts, findGap } from '#src/case/contracts.ts'
import { decideBlock, decideEnd, decideFinality, noChange } from '#src/case/decideBlock.ts'
import { decideReorg } from '#src/case/decideReorg.ts'
import { accountsAtHand, loadAccounts } from '#src/case/loadAccounts.ts'
import { findPassages, withoutPassages } from '#src/case/passages.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import { withIssuerActs } from '#src/case/tellIssuerActs.ts'
import { withFreezes, withoutFreezes } from '#src/freeze/decideFreezes.ts'
import { followBlock, type PriorBalances } from '#trace/followBlock.ts'
import type {
  Address,
  AssetId,
  Block,
  BlockHeader,
  BlockRef,
  ChainReader,
  FetchedBlock,
  Head,
} from '#types/chain.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { StandingChange } from '#types/standing.ts'
import type { TrailChange } from '#types/trail.ts'
import type { Context } from './context.ts'
import { takeStanding } from './decide.ts'
import { untilAhead } from './untilAhead.ts'
import { quietOf, watchOf } from './watchCases.ts'

/**
 * Blocks that are final and change nothing are followed without saving where we are, but for each of so many. Counted
 * and not timed, so that what is saved depends on the chain alone.
 */
const unsavedBlocks = 1_000

/**
 * The trace loop of one chain: follows its blocks through cases that stand at the same block, until the chain ends or
 * the signal is given. Whatever happens is decided first, saved in one transaction, and then taken in.
 * - block: follow it, decide what to tell.
 * - reorg: take the undone blocks out of every case and correct what was told of them.
 * - finalize: forget how to undo.
 * @throws DeepReorgError, ContradictingNodeError, ProviderError, UnbalancedLedgerError, StoreError; RangeError where the cases do not stand
 *   at the same block, since one of them would follow blocks twice
 */
export async function runChain(
  context: Context,
  reader: ChainReader,
  {
    cases,
    signal,
    onBlock,
    maxAtHand = accountsAtHand,
  }: {
    cases: readonly OpenCase[]
    signal: AbortSignal
    /** Told of every block that was followed, and of the head of the chain; numbers of a recording have gaps. */
    onBlock?: (block: BlockHeader, head: BlockRef) => void
    /** Accounts that memory keeps of a ledger; the others wait in the store. */
    maxAtHand?: number
  },
): Promise<void> {
  const [first] = cases
  if (!first) return
  for (const open of cases) checkPlace(open, first)
  const loop: Loop = { context, reader, cases, maxAtHand, isSaved: true }
  const skip = reader.nextActive && createSkip(reader, quietOf(context, cases))
  // What is passed over need not be fetched ahead.
  const source = skip ? { ...reader, readAhead: 1 } : reader
  const options = { followed: first.undo, signal, ...(skip && { skip }) }
  for await (const event of watchChain(source, options)) {
    switch (event.type) {
      case 'block':
        await untilAhead(context, cases, { time: event.block.time, signal })
        if (signal.aborted) break
        await takeBlock(loop, event.block, event.head)
        onBlock?.(event.block, event.head)
        break
      case 'reorg':
        await takeReorg(loop, event.ancestor)
        break
      case 'finalize':
        await takeFinality(loop, event.number)
        break
    }
  }
  await context.turns.take(() => saveQuiet(loop))
}

/** Tells what folded alerts have not told yet, when no block will come any more. */
export async function tellRest(context: Context, cases: readonly OpenCase[]): Promise<void> {
  await context.turns.take(async () => {
    const changes = cases.map((open) => decideEnd(context, open))
    if (changes.every(isEmpty)) return
    await saveAndApply(context, cases, changes)
  })
}

type Loop = {
  context: Context
  reader: ChainReader
  cases: readonly OpenCase[]
  maxAtHand: number
  /** Whether the store knows where memory stands. */
  isSaved: boolean
}

function checkPlace(open: OpenCase, first: OpenCase): void {
  const [here, there] = [open, first].map(placeOf)
  if (here === there) return
  throw new RangeError(
    `The cases "${open.case.id}" and "${first.case.id}" stand at different blocks.`,
  )
}

/** Where a case stands and how far it can be undone: cases that differ in it cannot be followed in one loop. */
export function placeOf({ undo }: OpenCase): string {
  return [undo.at(0), undo.at(-1)].map((block) => `${block?.number} ${block?.hash}`).join()
}

async function takeBlock(loop: Loop, fetched: FetchedBlock, head: Head): Promise<void> {
  const isFinal = head.finalized !== undefined && fetched.number <= head.finalized
  await takeTurn(loop, async () => {
    const changes = await followFetched(loop, fetched, {
      hasFinality: head.finalized !== undefined,
    })
    return async () => {
      // Following such blocks again after a crash changes nothing and tells nobody anything.
      if (isFinal && changes.every(isEmpty)) {
        applyAll(loop.cases, changes)
        loop.isSaved = false
        if (fetched.number % unsavedBlocks === 0) await saveQuiet(loop)
      } else await save(loop, changes)
    }
  })
}

/**
 * Works something out, and saves it once its turn has come. Where people have decided something meanwhile it is worked
 * out again: a decision counts from the next block on.
 */
async function takeTurn(
  { context: { turns } }: Loop,
  workOut: () => Promise<() => Promise<void>>,
): Promise<void> {
  for (;;) {
    const { decided } = turns
    const save = await workOut()
    const isSaved = await turns.take(async () => {
      if (turns.decided !== decided) return false
      await save()
      return true
    })
    if (isSaved) return
  }
}

async function followFetched(
  { context, reader, cases, maxAtHand }: Loop,
  fetched: FetchedBlock,
  { hasFinality }: { hasFinality: boolean },
): Promise<CaseChange[]> {
  const { chain, number, hash, parentHash, time } = fetched
  for (const open of cases) {
    await loadAccounts(context, open, contractsOn(context, open), { maxAtHand })
  }
  const transactions = await fetched.readTransactions(watchOf(context, cases))
  const block: Block = { chain, number, hash, parentHash, time, transactions }
  const changes: CaseChange[] = []
  for (const open of cases) {
    await loadAccounts(context, open, transactions, { maxAtHand })
    const change = await followWithBalances(context, reader, open, block)
    const decided = decideBlock(context, open, { block, change, hasFinality, earlier: changes })
    const candidates = findCandidates(context, open, block)
    const known = [
      ...(await findContracts(context, reader, { open, block, change })),
      ...findGap(context, open, change),
      ...findPassages(context, open, change.hops),
      ...candidates.standing,
    ]
    const timeline = [...decided.timeline, ...candidates.timeline]
    const withKnown = known.length > 0 ? { ...decided, standing: known, timeline } : decided
    const told = withIssuerActs(context, open, { decided: withKnown, change, block })
    changes.push(withFreezes(context, open, { decided: told, change }))
  }
  return changes
}

async function takeReorg(loop: Loop, ancestor: BlockRef): Promise<void> {
  const { context, cases, maxAtHand } = loop
  context.log.warn({ chain: loop.reader.chain, ancestor: ancestor.number }, 'Reorganization')
  await takeTurn(loop, async () => {
    const changes: CaseChange[] = []
    for (const open of cases) {
      const undone = open.undo.filter(({ number }) => number > ancestor.number)
      const addresses = undone.flatMap(({ ledgers }) =>
        ledgers.flatMap(({ accounts }) => [...accounts.keys()]),
      )
      await loadAccounts(context, open, addresses, { maxAtHand })
      const decided = decideReorg(context, open, ancestor)
      const back = withoutPassages(context, open, ancestor.number)
      const taken = back.length > 0 ? { ...decided, standing: back } : decided
      changes.push(withoutFreezes(context, open, { decided: taken, ancestor: ancestor.number }))
    }
    return () => save(loop, changes)
  })
}

async function takeFinality(loop: Loop, number: number): Promise<void> {
  const { context, cases } = loop
  await context.turns.take(async () => {
    const changes = cases.map((open) => decideFinality(context, open, number))
    // What may be forgotten is forgotten in the store with the next change.
    if (changes.every(isEmpty)) applyAll(cases, changes)
    else await save(loop, changes)
  })
}

async function save(loop: Loop, changes: CaseChange[]): Promise<void> {
  await saveQuiet(loop)
  await saveAndApply(loop.context, loop.cases, changes)
}

/**
 * Saves where memory stands after a block that changed nothing, as a place that a reorganization can go back to. The
 * block before it that changed something has its own entry, which this must not replace.
 */
async function saveQuiet(loop: Loop): Promise<void> {
  if (loop.isSaved) return
  const { context, cases } = loop
  const changes = cases.flatMap((open) => {
    const { head } = open
    if (head === null) return []
    return { ...noChange(open), undo: { ...head, ledgers: [], groups: new Map() } }
  })
  await context.store.saveChanges(changes, { now: context.now() })
  loop.isSaved = true
}

async function saveAndApply(
  context: Context,
  cases: readonly OpenCase[],
  changes: readonly CaseChange[],
): Promise<void> {
  await context.store.saveChanges(changes, { now: context.now() })
  applyAll(cases, changes)
  for (const { standing = [] } of changes) {
    for (const each of standing) takeStanding(context, each)
  }
  // Whoever follows cases to other chains, and works them out again, listens too.
  const isNews = ({ kind }: StandingChange) => kind === 'passage' || kind === 'retrace'
  if (changes.some(({ tellings, standing }) => tellings.length > 0 || standing?.some(isNews))) {
    context.outbox.ring()
  }
}

function applyAll(cases: readonly OpenCase[], changes: readonly CaseChange[]): void {
  for (const [place, change] of changes.entries()) {
    const open = cases[place]
    if (open) applyCaseChange(open, change)
  }
}

/** Whether a change does nothing but move on. */
function isEmpty({ ledgers, hops, seen, groups, told, forgotten, standing = [] }: CaseChange) {
  const lists = [ledgers, hops, seen, told, forgotten, standing]
  return groups.size === 0 && lists.every(({ length }) => length === 0)
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
      rules: rulesOf(context, open.case),
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
