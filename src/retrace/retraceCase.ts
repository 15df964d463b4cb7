import { setTimeout } from 'node:timers/promises'
import { MissingHistoryError } from '#errors/case.ts'
import { holdsByContract } from '#src/case/contracts.ts'
import { earliestMissing, expectedAt, replacePassages } from '#src/case/passages.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import { takeDecision } from '#src/decide.ts'
import { recountDecision } from '#src/freeze/decideFreezes.ts'
import { expectations } from '#src/watchCases.ts'
import type { Block, FetchedBlock, Watch } from '#types/chain.ts'
import type { OpenCase, Undo } from '#types/openCase.ts'
import type { CaseReplacement, Decision } from '#types/store.ts'
import type { Account, SeenTransaction } from '#types/trail.ts'
import { correctAlerts } from './correctAlerts.ts'
import { createShadow, followRead, followSeen, rewind, type Shadow } from './createShadow.ts'

/** Blocks between two breaths, in which the loops and the chats get their turn. */
const blocksPerBreath = 50

/** Wait before what is still behind is looked at again. */
const retryMs = 50

/** How a retrace ended: `overtaken` is one whose grounds have changed meanwhile, and which begins again. */
export type RetraceEnd = 'done' | 'overtaken' | 'stopped'

/**
 * Works a case out again from its theft, as if every decision that stands now had stood from the start, while its loop
 * goes on. Transactions that the case has seen are taken from the store; from the first block on at which an address is
 * reached that nobody watched, blocks are read again. What it became is put in its place at once, and what had been told
 * wrongly is corrected where it was told.
 * @throws MissingHistoryError where history must be read again and no node is there for it
 */
export async function retraceCase(
  context: Context,
  open: OpenCase,
  { signal }: { signal: AbortSignal },
): Promise<RetraceEnd> {
  const grounds = { labels: context.labels.version, cause: causeOf(context, open) }
  const isOvertaken = () =>
    context.labels.version !== grounds.labels || causeOf(context, open) !== grounds.cause
  const shadow = createShadow(context, open.case)
  const run = { open, signal, isOvertaken }
  let isKnown =
    (await watchedSources(context, shadow, open)) && (await replaySeen(context, shadow, run))
  for (;;) {
    if (signal.aborted) return 'stopped'
    if (isOvertaken()) return 'overtaken'
    if (!isKnown) await readAgain(context, shadow, run)
    const isDone = await context.turns.decide(async () => {
      if (isOvertaken() || signal.aborted) return false
      if (isKnown) isKnown = await catchUp(context, shadow, open)
      if (!isKnown && !isAbreast(shadow, open)) return false
      await putInPlace(context, shadow, open)
      return true
    })
    if (isDone) return 'done'
    // The case is one block ahead again, or the node behind it.
    await setTimeout(retryMs)
  }
}

type Run = { open: OpenCase; signal: AbortSignal; isOvertaken: () => boolean }

/** What asked for the retrace: another decision makes another one. */
function causeOf({ standing }: Context, { case: { id } }: OpenCase): string {
  return standing.retrace.get(id)?.causes.join() ?? ''
}

/** Whether those who hold the stolen value at the theft were followed: what a service pays, nobody has read. */
async function watchedSources(
  { store }: Context,
  shadow: Shadow,
  { case: { id, sources } }: OpenCase,
): Promise<boolean> {
  const addresses = sources.map(({ address }) => address)
  for (const { asset, accounts } of await store.readAccounts(id, addresses)) {
    const now = shadow.open.trail.ledgers.get(asset)?.accounts
    const isNew = ({ address, stop }: Account) =>
      stop !== null && stop !== 'busy' && now?.get(address)?.stop === null
    if (accounts.some(isNew)) return false
  }
  return true
}

/**
 * Follows what the store has seen, up to where it cannot be undone. Answers whether all was there; if not, the shadow
 * stands right before what is missing.
 */
async function replaySeen(context: Context, shadow: Shadow, run: Run): Promise<boolean> {
  const { open, signal, isOvertaken } = run
  const last = open.undo[0]?.number ?? -1
  // What came out of a bridge without anybody watching for it was never seen.
  const missing = earliestMissing(context, open)
  let place = 0
  for await (const page of context.store.scanSeen(open.case.id)) {
    for (const seen of Map.groupBy(page, ({ block }) => block?.number).values()) {
      const block = blockOf(open, seen)
      if (block === null || (missing !== null && block.time >= missing)) return false
      if (block.number > last || signal.aborted || isOvertaken()) return true
      if (!followSeen(context, shadow, { block, seen })) return false
      place += 1
      if (place % blocksPerBreath === 0) await breathe(open, block.number)
    }
  }
  return missing === null
}

/** `null` where a database of an earlier version does not say which block it was. */
function blockOf({ case: { chain } }: OpenCase, seen: readonly SeenTransaction[]): Block | null {
  const [first] = seen
  if (!first?.block) return null
  const transactions = seen.map(({ transaction }) => transaction)
  return { chain, ...first.block, time: first.time, transactions }
}

async function breathe(open: OpenCase, number: number): Promise<void> {
  const from = open.case.followAfter ?? 0
  const to = open.head?.number ?? number
  open.retraced = to > from ? Math.min((number - from) / (to - from), 1) : 1
  await new Promise((resolve) => setImmediate(resolve))
}

/** Follows the last blocks that were seen, while no block can come. Answers whether that was enough. */
async function catchUp(context: Context, shadow: Shadow, open: OpenCase): Promise<boolean> {
  const from = (shadow.open.head?.number ?? -1) + 1
  for await (const page of context.store.scanSeen(open.case.id, from)) {
    for (const seen of Map.groupBy(page, ({ block }) => block.number).values()) {
      const block = blockOf(open, seen)
      if (!block || !followSeen(context, shadow, { block, seen })) return false
    }
  }
  closeAt(context, shadow, open)
  return true
}

/** Folds that are over by now are over in the shadow too, which saw no block without a transaction of the case. */
function closeAt(context: Context, shadow: Shadow, { head, case: { chain } }: OpenCase): void {
  if (!head || shadow.open.head?.number === head.number) return
  const block = { chain, ...head, parentHash: '', transactions: [] }
  followSeen(context, shadow, { block, seen: [] })
}

/** Reads blocks again until the shadow stands where the case does. */
async function readAgain(context: Context, shadow: Shadow, run: Run): Promise<void> {
  const { open, signal, isOvertaken } = run
  const reader = context.follower.readerOf(open.case.chain)
  if (!reader) throw new MissingHistoryError({ caseId: open.case.id })
  let place = 0
  while (!signal.aborted && !isOvertaken()) {
    const left = leftBehind(shadow, open)
    if (left) rewind(context, shadow, left)
    const { head } = open
    const at = shadow.open.head?.number ?? open.case.followAfter ?? -1
    if (!head || at >= head.number) return
    const fetched = await reader.readBlockAfter(at, head)
    if (!fetched) return
    await followRead(context, shadow, { block: await toBlock(context, shadow, fetched), reader })
    place += 1
    if (place % blocksPerBreath === 0) await breathe(open, fetched.number)
  }
}

async function toBlock(context: Context, shadow: Shadow, fetched: FetchedBlock): Promise<Block> {
  const { chain, number, hash, parentHash, time } = fetched
  const { serviceOf } = rulesOf(context, shadow.open.case)
  const expected = expectedAt(context, shadow.open)
  const learned = { ...context, standing: withLearned(context, shadow) }
  const watch: Watch = {
    hasContract: holdsByContract(learned, shadow.open),
    isWatched: (address) => shadow.open.watched.has(address) || expected.has(address),
    isService: (address) => serviceOf(address) !== null,
    ...expectations(context, [shadow.open]),
  }
  return {
    chain,
    number,
    hash,
    parentHash,
    time,
    transactions: await fetched.readTransactions(watch),
  }
}

/** What stands, and the contracts that this retrace has found. */
function withLearned({ standing }: Context, shadow: Shadow): Context['standing'] {
  const contract = new Map(standing.contract)
  for (const { kind, key, value } of shadow.standing) {
    if (kind === 'contract' && value) contract.set(key, value)
  }
  return { ...standing, contract }
}

/** The newest block of the shadow that the case still stands on, where the shadow stands on others. */
function leftBehind(shadow: Shadow, open: OpenCase): Undo | undefined {
  const hashes = new Map(open.undo.map(({ number, hash }) => [number, hash]))
  const top = open.head?.number ?? open.undo[0]?.number ?? -1
  // The hash of the block before the first is not known to everybody.
  const isKept = ({ number, hash }: Undo) =>
    number <= top && (hash === '' || !hashes.has(number) || hashes.get(number) === hash)
  const kept = shadow.open.undo.findLastIndex(isKept)
  return kept === shadow.open.undo.length - 1 ? undefined : shadow.open.undo[Math.max(kept, 0)]
}

function isAbreast(shadow: Shadow, open: OpenCase): boolean {
  return leftBehind(shadow, open) === undefined && shadow.open.head?.hash === open.head?.hash
}

/** Saves what the case became, with every correction, and takes it into memory. */
async function putInPlace(context: Context, shadow: Shadow, open: OpenCase): Promise<void> {
  const caseId = open.case.id
  const undo = alignUndo(shadow, open)
  const corrections = await correctAlerts(context, { open, shadow })
  const freezes = recountDecision(context, shadow.open, shadow.hops)
  const decision: Decision = {
    told: corrections.told,
    tellings: [...corrections.tellings, ...freezes.tellings],
    timeline: [...corrections.timeline, ...freezes.timeline],
    standing: [
      { kind: 'retrace', key: caseId, value: null },
      ...freezes.standing,
      ...shadow.standing,
      ...replacePassages(context, open, shadow.hops),
    ],
  }
  const replacement: CaseReplacement = {
    caseId,
    head: open.head,
    ledgers: [...shadow.open.trail.ledgers.values()],
    watched: [...watchedIn(shadow)],
    groups: shadow.open.groups,
    hops: shadow.hops,
    seen: shadow.seen,
    undo,
  }
  await context.store.replaceCase(replacement, decision, { now: context.now() })
  open.trail = shadow.open.trail
  open.watched = shadow.open.watched
  open.groups = shadow.open.groups
  open.undo = undo
  delete open.retraced
  for (const id of [...open.told.keys()]) if (!shadow.told.has(id)) open.told.delete(id)
  takeDecision(context, decision)
}

/** How the case's last blocks are undone: as the shadow would, and not at all where nothing happened in it. */
function alignUndo(shadow: Shadow, open: OpenCase): Undo[] {
  const entries = new Map(shadow.open.undo.map((entry) => [entry.number, entry]))
  return open.undo.map(({ number, hash, time }, place) => {
    const entry = place === 0 ? undefined : entries.get(number)
    return { number, hash, time, ledgers: entry?.ledgers ?? [], groups: entry?.groups ?? new Map() }
  })
}

function* watchedIn({ open: { trail } }: Shadow): Generator<string> {
  const given = new Set<string>()
  for (const { accounts } of trail.ledgers.values()) {
    for (const { address, stop, coins = [] } of accounts.values()) {
      for (const { id } of coins) yield id
      if ((stop !== null && stop !== 'busy') || given.has(address)) continue
      given.add(address)
      yield address
    }
  }
}
