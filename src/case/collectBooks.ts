import type { Context } from '#src/context.ts'
import { heldIn, presentAt, stateOf } from '#src/freeze/stateOf.ts'
import { holdingAt } from '#trace/holdingAt.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Asset } from '#types/chain.ts'
import type { Freeze } from '#types/freeze.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Passage } from '#types/passage.ts'
import type { Account, Ledger } from '#types/trail.ts'

/** Where a part of the stolen value is, by FIFO: all parts of an asset are all of it. */
export type BookRow = {
  where: string
  amount: bigint
  addresses: number
  /** Seconds for which the longest of them has not moved. @default they move */
  idleSeconds?: number
  /** It is counted again where it went: in another asset, or on another chain. @default it rests there */
  isPassedOn?: true
}

/** `what` names all of it. */
export type Books = { asset: Asset; rows: BookRow[]; whole: bigint; what: string }

/** Tries while blocks come in between. */
const maxTries = 3

/** Requests whose answer is awaited. */
const askedStates = new Set(['drafted', 'approved', 'delivered', 'seen'])

/** What services are called where value rests there. */
const places: Record<Exclude<Account['stop'], null>, string> = {
  exchange: 'at exchanges',
  mixer: 'in mixers',
  bridge: 'in bridges',
  dex: 'swapped out of sight',
  issuer: 'with issuers',
  service: 'at services',
  victim: 'returned',
  burn: 'burned',
  busy: 'parked',
}

/** The books of a case in each asset, address by address. `freezes` are those that whoever asks may know of. */
export async function collectBooks(
  context: Context,
  open: OpenCase,
  { freezes }: { freezes: readonly Freeze[] },
): Promise<Books[]> {
  const books: Books[] = []
  for (const asset of open.case.assets) {
    if (!open.trail.ledgers.has(asset.id)) continue
    for (let tries = 1; ; tries += 1) {
      const rows = await rowsOf(context, open, { asset, freezes })
      const ledger = open.trail.ledgers.get(asset.id)
      const whole = wholeNow(ledger)
      const sum = rows.reduce((total, { amount }) => total + amount, 0n)
      // Where a block came in between, some of it was counted before and some after.
      if (sum !== whole && tries < maxTries) continue
      if (sum > 0n) books.push({ asset, rows, whole: sum, what: whatOf(open, ledger) })
      break
    }
  }
  return books
}

function whatOf({ case: { legOf } }: OpenCase, ledger: Ledger | undefined): string {
  const [came = 0n] = ledger?.swappedIn ?? []
  if (came === 0n) return 'stolen'
  const from = legOf === undefined ? 'from swaps or bridges' : 'from bridges'
  return ledger?.stolen === 0n ? from : `stolen, and ${from}`
}

function wholeNow(ledger: Ledger | undefined): bigint {
  return (ledger?.stolen ?? 0n) + (ledger?.swappedIn[0] ?? 0n)
}

async function rowsOf(
  context: Context,
  open: OpenCase,
  { asset, freezes }: { asset: Asset; freezes: readonly Freeze[] },
): Promise<BookRow[]> {
  const { store, rules, standing } = context
  const sums = createSums()
  const now = open.head?.time ?? open.case.stolenAt
  const own = freezes.filter(
    (freeze) => freeze.chain === open.case.chain && freeze.asset === asset.id,
  )
  for await (const page of store.scanAccounts(open.case.id, asset.id)) {
    for (const account of page) {
      const amount = stolenIn(holdingAt(account, 0))
      if (amount === 0n) continue
      const mine = own.filter(({ address }) => address === account.address)
      const held = least(amount, sumOf(mine.map(heldIn)))
      const waiting = mine.filter((freeze) => askedStates.has(stateOf(freeze)))
      const asked = least(amount - held, sumOf(waiting.map(presentAt)))
      if (held > 0n) sums.add('held', held, 1)
      if (asked > 0n) sums.add('asked to be held', asked, 1)
      const rest = amount - held - asked
      if (rest === 0n) continue
      const idle = now - account.activeAt
      if (account.stop !== null) sums.add(places[account.stop], rest, 1)
      else if (idle < rules.dormantDays * 86_400) sums.add('moving', rest, 1)
      else sums.add('idle', rest, 1, idle)
    }
  }
  passOn(
    sums,
    [...standing.passage.values()].filter(
      ({ from, asset: id }) => from === open.case.id && id === asset.id,
    ),
    context,
  )
  sums.rename(places.bridge, 'gone dark: over bridges, nobody says where to')
  sums.rename(places.busy, 'gone dark: parked until a person judges')
  const ledger = open.trail.ledgers.get(asset.id)
  sums.add('swapped for another asset', ledger?.swappedOut[0] ?? 0n, 0)
  sums.passOn('swapped for another asset')
  sums.add('fees', ledger?.fees[0] ?? 0n, 0)
  sums.add('too small to follow', ledger?.dropped[0] ?? 0n, 0)
  return sums.rows()
}

/** What bridges took, by what is known of the far side. What a memo alone sent is parked at its payee. */
function passOn(
  sums: ReturnType<typeof createSums>,
  passages: readonly Passage[],
  { standing, follower }: Context,
): void {
  const arrivals = Map.groupBy(standing.arrival.values(), ({ caseId, key }) => `${caseId} ${key}`)
  for (const { caseId, key, bridge, asset, to, stolen, isClaimed, isBurned } of passages) {
    const from = isBurned ? places.burn : isClaimed ? places.busy : places.bridge
    const came = arrivals.get(`${caseId} ${key}`) ?? []
    const back = came.filter((arrival) => arrival.isBack && arrival.asset === asset)
    const returned = sumOf(back.map((arrival) => arrival.stolen[0] ?? 0n))
    const amount = (stolen[0] ?? 0n) - returned
    const given = `given back by ${bridge}`
    sums.move(from, given, returned)
    sums.passOn(given)
    if (came.length > back.length) {
      const where = `over ${bridge}, followed on ${to.name}`
      sums.move(from, where, amount)
      sums.passOn(where)
    } else if (!isClaimed || isBurned) {
      const isFollowed = to.chain !== null && follower.chains().includes(to.chain)
      const where = isFollowed
        ? `in flight over ${bridge} to ${to.name}`
        : `gone dark: over ${bridge} to ${to.name}`
      sums.move(from, where, amount)
    }
  }
}

function createSums() {
  const sums = new Map<string, BookRow>()
  function add(where: string, amount: bigint, addresses: number, idleSeconds = 0): void {
    if (amount === 0n) return
    const row = sums.get(where) ?? { where, amount: 0n, addresses: 0 }
    row.amount += amount
    row.addresses += addresses
    if (idleSeconds > 0) row.idleSeconds = Math.max(row.idleSeconds ?? 0, idleSeconds)
    sums.set(where, row)
  }
  return {
    add,
    /** Never more than there is. */
    move(from: string, to: string, amount: bigint): void {
      const row = sums.get(from)
      if (!row) return
      const moved = least(row.amount, amount)
      if (moved <= 0n) return
      row.amount -= moved
      add(to, moved, 0)
      if (row.amount === 0n) sums.delete(from)
    },
    rename(from: string, to: string): void {
      const row = sums.get(from)
      if (!row) return
      sums.delete(from)
      sums.set(to, { ...row, where: to })
    },
    passOn(where: string): void {
      const row = sums.get(where)
      if (row) row.isPassedOn = true
    },
    /** The largest first, what nobody holds last. */
    rows: () => [...sums.values()].sort((a, b) => rank(a) - rank(b) || compare(b.amount, a.amount)),
  }
}

const last = new Set(['fees', 'too small to follow'])

function rank({ where, isPassedOn }: BookRow): number {
  return last.has(where) ? 2 : isPassedOn ? 1 : 0
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? 1 : -1
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
