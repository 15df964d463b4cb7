import {
  ChainMovedError,
  EvidenceOfCoinsError,
  EvidenceOfWithdrawalsError,
  EvidenceOverBridgeError,
  EvidenceThroughSwapError,
  EvidenceTooLargeError,
  IsSourceError,
  NoReaderError,
  NoWayThereError,
  StillRetracedError,
} from '#errors/evidence.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import type { Address, AssetId, ChainReader } from '#types/chain.ts'
import { withdrawalsPrefix } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Hop, SeenTransaction } from '#types/trail.ts'
import { mapSome } from '#utils/mapSome.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { type Archive, createArchive } from './createArchive.ts'
import { type Exhibit, type Rerun, rerun, type Window } from './rerun.ts'

/** What one packet holds at most. */
const maxHops = 5_000
const maxAddresses = 5_000
const maxTransactions = 50_000

/** Rounds in which addresses that pay back in are taken in. */
const maxRounds = 50

/** Transactions of the packet with their blocks, in order, what they are worked out from, and what came of it. */
export type Gathered = {
  exhibit: Exhibit
  seen: SeenTransaction[]
  result: Rerun
  until: number
  reader: ChainReader
  archive: Archive
  /** Why the trail ends there, where no label says it. */
  houseStops: ReadonlyMap<Address, HouseStop>
}

/** From the first block to the last that matters of an address. */
type Span = { first: number; last: number }

type Search = {
  context: Context
  open: OpenCase
  asset: AssetId
  address: Address
  reader: ChainReader
  archive: Archive
  /** Blocks that were read, by number. */
  blocks: Map<number, ReturnType<ChainReader['readBlockAfter']>>
}

/** Assets of a case of which stolen value came to an address. @throws NoWayThereError, IsSourceError */
export async function assetsAt(
  { store }: Context,
  { case: theft }: OpenCase,
  address: Address,
): Promise<AssetId[]> {
  const names = { address: showAddress(address), caseId: theft.id }
  if (theft.sources.some((source) => source.address === address)) throw new IsSourceError(names)
  const hops = await store.findHops(theft.id, { payee: address }, { limit: maxHops })
  if (hops.length === 0) throw new NoWayThereError(names)
  return [...new Set(hops.map(({ asset }) => asset))]
}

/**
 * All that it takes to work out again how stolen value came to an address: every address on a way there, with all of
 * its transactions from the first stolen arrival to the last payment that matters.
 * @throws EvidenceTooLargeError, NoReaderError, StillRetracedError, ChainMovedError
 */
export async function gatherExhibit(
  context: Context,
  open: OpenCase,
  { asset, address }: { asset: AssetId; address: Address },
): Promise<Gathered> {
  // Figures that are about to change must not leave the house under its signature.
  if (context.standing.retrace.has(open.case.id)) throw new StillRetracedError(open.case.id)
  const chain = context.chains.get(open.case.chain)
  if (chain?.coins) throw new EvidenceOfCoinsError(chain.name)
  const reader = context.follower.readerOf(open.case.chain)
  if (!reader) throw new NoReaderError({ chain: open.case.chain })
  const archive = createArchive(reader, asset)
  const search = { context, open, asset, address, reader, archive, blocks: new Map() }
  const { serviceOf } = rulesOf(context, open.case)
  const houseStops = new Map<Address, HouseStop>()
  const spans = new Map<Address, Span>()
  const arrivals = await arrivalsAt(search, address)
  const until = Math.max(...arrivals.map(({ block }) => block))
  const isStop = serviceOf(address) !== null
  let wanted = [{ address, block: until }]
  for (let round = 0; ; round++) {
    if (round === maxRounds) tooLarge(search, 'too many ways that lead back into each other')
    for (const { address: each, block } of wanted) await extend(search, spans, each, block)
    if (isStop) spans.delete(address)
    const seen = await readSeen(search, spans)
    const windows = await readWindows(search, spans, seen)
    const stops = new Map(
      [...new Set(seen.flatMap(({ transaction }) => transaction.transfers.map(({ to }) => to)))]
        .filter((to) => !spans.has(to))
        .flatMap((to) => {
          const kind = serviceOf(to) ?? (houseStops.has(to) ? 'service' : null)
          return kind ? [[to, kind] as const] : []
        }),
    )
    const { sources } = open.case
    const exhibit: Exhibit = {
      asset,
      sources: sources.filter((source) => source.asset === asset),
      address,
      windows,
      transactions: seen.map(({ transaction, block }) => ({ transaction, block: block.number })),
      stops,
    }
    const result = rerun(exhibit)
    wanted = []
    for (const back of result.uncovered) {
      const why = await whyStopped(search, back.address)
      // What a packet follows already it follows on: its rule knows no parking.
      if (why === null || spans.has(back.address)) wanted.push(back)
      else houseStops.set(back.address, why)
    }
    if (result.uncovered.length === 0) {
      return { exhibit, seen, result, until, reader, archive, houseStops }
    }
  }
}

/** Why the house does not follow an address that no label ends; `null` where it does. */
async function whyStopped(
  { context, open, asset }: Search,
  address: Address,
): Promise<HouseStop | null> {
  const saved = await context.store.readAccounts(open.case.id, [address])
  const ledger = saved.find((each) => each.asset === asset)
  const account = ledger?.accounts[0]
  // Whoever took it in a swap gave something else for it.
  if (!account) return ledger && ledger.dust.length > 0 ? 'dust' : 'swap'
  return account.stop === null ? null : 'busy'
}

async function arrivalsAt(search: Search, address: Address): Promise<Hop[]> {
  const { context, open, asset } = search
  const limit = maxHops + 1
  const hops = await context.store.findHops(open.case.id, { payee: address }, { limit })
  if (hops.length > maxHops) tooLarge(search, `more than ${maxHops} payments into one address`)
  const arrivals = hops.filter((hop) => hop.asset === asset)
  if (arrivals.some(({ swapped }) => swapped))
    throw new EvidenceThroughSwapError(showAddress(address))
  if (arrivals.some(({ arrived }) => arrived))
    throw new EvidenceOverBridgeError(showAddress(address))
  return arrivals
}

/** Takes in an address up to a block, and whoever paid it stolen value before that. */
async function extend(
  search: Search,
  spans: Map<Address, Span>,
  address: Address,
  block: number,
): Promise<void> {
  const { open, asset } = search
  const pending = [{ address, block }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const known = spans.get(next.address)
    if (known && known.last >= next.block) continue
    const { block: last } = next
    const hops = (await arrivalsAt(search, next.address)).filter((hop) => hop.block <= last)
    const isSource = open.case.sources.some(
      (source) => source.asset === asset && source.address === next?.address,
    )
    if (!isSource && hops.length === 0) continue
    const first = isSource
      ? (open.case.followAfter ?? -1) + 1
      : Math.min(...hops.map((hop: Hop) => hop.block))
    spans.set(next.address, { first, last })
    if (spans.size > maxAddresses) tooLarge(search, `more than ${maxAddresses} addresses`)
    pending.push(...hops.map((hop) => ({ address: hop.from, block: hop.block })))
  }
}

/** Transactions that touch an address in its span, in order. */
async function readSeen(
  search: Search,
  spans: ReadonlyMap<Address, Span>,
): Promise<SeenTransaction[]> {
  const { context, open } = search
  const first = Math.min(...[...spans.values()].map((span) => span.first))
  const last = Math.max(...[...spans.values()].map((span) => span.last))
  const seen: SeenTransaction[] = []
  for await (const page of context.store.scanSeen(open.case.id, first)) {
    for (const each of page) {
      if (each.block.number > last || !touches(search, spans, each)) continue
      const { hash, transfers } = each.transaction
      if (hash.startsWith(withdrawalsPrefix)) {
        throw new EvidenceOfWithdrawalsError(showAddress(transfers[0]?.to ?? ''))
      }
      seen.push(each)
    }
    if (seen.length > maxTransactions) tooLarge(search, `more than ${maxTransactions} transactions`)
    if ((page.at(-1)?.block.number ?? 0) > last) break
  }
  return await withEarlier(search, spans, seen)
}

function touches(
  { asset }: Search,
  spans: ReadonlyMap<Address, Span>,
  { transaction, block: { number } }: Pick<SeenTransaction, 'transaction' | 'block'>,
): boolean {
  const isIn = (address: Address) => {
    const span = spans.get(address)
    return span !== undefined && span.first <= number && number <= span.last
  }
  const { transfers, fee } = transaction
  if (fee?.asset === asset && isIn(fee.from)) return true
  return transfers.some((each) => each.asset === asset && (isIn(each.from) || isIn(each.to)))
}

/**
 * With what addresses did in the block of their first stolen arrival, before it: nobody watched them then. What came and
 * went before leaves no trace in a balance, so that each of these blocks is read anew.
 */
async function withEarlier(
  search: Search,
  spans: ReadonlyMap<Address, Span>,
  seen: readonly SeenTransaction[],
): Promise<SeenTransaction[]> {
  const firsts = new Set([...spans.values()].map(({ first }) => first))
  const groups = [...Map.groupBy(seen, ({ block }) => block.number)]
  const whole = await mapSome(groups, async ([number, group]) => {
    const [known] = group
    return known && firsts.has(number) ? await readBlock(search, spans, group) : group
  })
  return whole.flat()
}

async function readBlock(
  search: Search,
  spans: ReadonlyMap<Address, Span>,
  group: readonly SeenTransaction[],
): Promise<SeenTransaction[]> {
  const [first] = group
  if (!first) return []
  const { block, time } = first
  search.blocks.set(
    block.number,
    search.blocks.get(block.number) ?? search.reader.readBlockAfter(block.number - 1, block),
  )
  const fetched = await search.blocks.get(block.number)
  if (fetched?.hash !== block.hash) throw new ChainMovedError({ block: block.number })
  const isWatched = (address: Address) => spans.has(address)
  const transactions = await fetched.readTransactions({ isWatched, isService: () => false })
  const known = new Map(group.map((each) => [each.transaction.hash, each]))
  return transactions
    .map((transaction) => known.get(transaction.hash) ?? { transaction, block, time })
    .filter((each) => touches(search, spans, each))
}

/** What each address held before its span; where no node knows, what was known when it was reached. */
async function readWindows(
  { open, asset, reader, archive }: Search,
  spans: ReadonlyMap<Address, Span>,
  seen: readonly SeenTransaction[],
): Promise<Window[]> {
  const parents = new Map(seen.map(({ block }) => [block.number, block.parentHash]))
  const known = new Map<Address, bigint>()
  for (const source of open.case.sources) {
    if (source.asset !== asset) continue
    known.set(source.address, (known.get(source.address) ?? 0n) + source.amount)
  }
  for (const opened of seen.flatMap((each) => each.opened ?? [])) {
    if (opened.asset === asset) known.set(opened.address, opened.prior)
  }
  return await mapSome([...spans], async ([address, { first, last }]) => {
    const number = first - 1
    const hash = parents.get(first) ?? (await reader.readRef(number))?.hash ?? ''
    const balance = await archive.readBalance(address, { number, hash })
    return { address, from: number, to: last, balance: balance ?? known.get(address) ?? 0n }
  })
}

function tooLarge({ address }: Pick<Search, 'address'>, what: string): never {
  throw new EvidenceTooLargeError({ address: showAddress(address), what })
}

/** Why the house ends a trail where no label does. */
export type HouseStop = 'dust' | 'busy' | 'swap'
