import type { Address, AssetId, Transaction, Transfer } from '#types/chain.ts'
import type { Rules } from '#types/trail.ts'

/** What somebody gave in a swap, and what came out of it for whom. */
export type Trade = {
  payer: Address
  asset: AssetId
  amount: bigint
  got: { to: Address; asset: AssetId; amount: bigint; position: string }[]
}

/** A transaction taken apart: payments to be followed one by one, and then its swaps. */
export type Parts = { transfers: readonly Transfer[]; trades: readonly Trade[] }

/** Net change of each address in each asset, in base units. */
type Nets = Map<Address, Map<AssetId, bigint>>

/**
 * The swaps of a transaction in which somebody on the trail gave one asset and others came out. Pools and routers are told
 * by their net change: they took one asset and gave another. Where a stranger has signed, as solvers do for many at once,
 * only what comes back to the payer is theirs; what nobody can tell is followed as a plain payment. Pure.
 */
export function findTrades(
  transaction: Transaction,
  {
    isFollowed,
    rules,
  }: { isFollowed: (asset: AssetId, address: Address) => boolean; rules: Rules },
): Parts {
  const { transfers, fee, called, emitters = [] } = transaction
  const whole = { transfers, trades: [] }
  if (!hasTwoAssets(transfers)) return whole
  const nets = netsOf(transfers, rules)
  const payers = findPayers(nets, isFollowed)
  if (payers.length === 0) return whole
  const takers = findTakers(nets, { emitters, isFollowed, rules })
  const isOwn = ({ address }: Payer) => fee?.from === address || called === address
  const given = payers
    .map((payer) => ({ ...payer, amount: shareOf(nets, { takers, ...payer }) }))
    .filter(({ amount }) => amount > 0n)
  const outputs = outputsOf(transaction, { nets, takers })
  const trades = divide(outputs, { given, isOwn })
  if (trades.length === 0) return whole
  return { transfers: withoutTrades(transfers, { nets, takers, trades }), trades }
}

/** Nearly every transaction moves one asset. */
function hasTwoAssets(transfers: readonly Transfer[]): boolean {
  const first = transfers[0]?.asset
  return transfers.some(({ asset }) => asset !== first)
}

function netsOf(transfers: readonly Transfer[], { issuerOf }: Rules): Nets {
  const nets: Nets = new Map()
  function add(address: Address, asset: AssetId, amount: bigint): void {
    const known = nets.get(address) ?? new Map<AssetId, bigint>()
    nets.set(address, known)
    known.set(asset, (known.get(asset) ?? 0n) + amount)
  }
  for (const { from, to, asset, amount, isFee } of transfers) {
    add(partyOf(from, asset, issuerOf), asset, -amount)
    if (!isFee) add(partyOf(to, asset, issuerOf), asset, amount)
  }
  return nets
}

const nobody = `0x${'0'.repeat(40)}`

/** Whoever makes or burns a token is its contract, and so are those that take and pay out for it. */
function partyOf(address: Address, asset: AssetId, issuerOf: Rules['issuerOf']): Address {
  if (address !== nobody) return issuerOf?.(address) ?? address
  return asset.split('/erc20:')[1] ?? address
}

type Payer = { address: Address; asset: AssetId; amount: bigint }

function findPayers(
  nets: Nets,
  isFollowed: (asset: AssetId, address: Address) => boolean,
): Payer[] {
  return [...nets].flatMap(([address, net]) =>
    [...net].flatMap(([asset, amount]) =>
      amount < 0n && isFollowed(asset, address) ? [{ address, asset, amount: -amount }] : [],
    ),
  )
}

/**
 * Contracts that took one asset and gave another, and are not on the trail; of services only those where assets are swapped.
 * A person's address writes no log: two people who exchange a fortune for a coin are no pool. A pool that
 * is on the trail is followed as anybody is, until it is parked or somebody says what it is.
 */
function findTakers(
  nets: Nets,
  {
    emitters,
    isFollowed,
    rules,
  }: {
    emitters: readonly Address[]
    isFollowed: (asset: AssetId, address: Address) => boolean
    rules: Rules
  },
): Set<Address> {
  const takers = new Set<Address>()
  for (const [address, net] of nets) {
    const amounts = [...net.values()]
    const isBoth = amounts.some((amount) => amount > 0n) && amounts.some((amount) => amount < 0n)
    if (!isBoth || !emitters.includes(address)) continue
    if ([...net.keys()].some((asset) => isFollowed(asset, address))) continue
    const service = rules.serviceOf(address)
    if (service === null || service === 'dex' || service === 'issuer') takers.add(address)
  }
  return takers
}

/** How much of what a payer lost went to takers, where others lost the same asset too. */
function shareOf(
  nets: Nets,
  { takers, asset, amount }: { takers: ReadonlySet<Address>; asset: AssetId; amount: bigint },
): bigint {
  let taken = 0n
  let lost = 0n
  for (const [address, net] of nets) {
    const change = net.get(asset) ?? 0n
    if (takers.has(address)) taken += change
    else if (change < 0n) lost -= change
  }
  if (taken <= 0n) return 0n
  return taken >= lost ? amount : (taken * amount) / lost
}

/** What came out of the takers for whom, in listed assets. */
function outputsOf(
  { transfers }: Transaction,
  { nets, takers }: { nets: Nets; takers: ReadonlySet<Address> },
): Trade['got'] {
  const listed = new Set(transfers.filter((each) => !each.isUnlisted).map(({ asset }) => asset))
  return [...listed].flatMap((asset) => {
    const gainers = [...nets].flatMap(([to, net]) => {
      const amount = net.get(asset) ?? 0n
      return amount > 0n && !takers.has(to) ? [{ to, amount }] : []
    })
    const gained = gainers.reduce((sum, { amount }) => sum + amount, 0n)
    const came = [...takers].reduce((sum, taker) => sum - (nets.get(taker)?.get(asset) ?? 0n), 0n)
    if (came <= 0n || gained === 0n) return []
    return gainers.flatMap(({ to, amount }) => {
      const share = came >= gained ? amount : (amount * came) / gained
      if (share === 0n) return []
      return [{ to, asset, amount: share, position: lastPosition(transfers, asset, to) }]
    })
  })
}

/**
 * Who gets what came out: what came back to a payer whose transaction it is not is theirs, and all the rest is of those
 * whose it is, the same for each asset that was given, since a pool takes as much worth of the one as of the other.
 */
function divide(
  outputs: Trade['got'],
  { given, isOwn }: { given: readonly Payer[]; isOwn: (payer: Payer) => boolean },
): Trade[] {
  const got = new Map<Payer, Trade['got']>(given.map((payer) => [payer, []]))
  for (const output of outputs) {
    const able = given.filter(({ asset }) => asset !== output.asset)
    const theirs = able.filter((payer) => !isOwn(payer) && payer.address === output.to)
    const takers = theirs.length > 0 ? theirs : able.filter(isOwn)
    const assets = [...new Set(takers.map(({ asset }) => asset))]
    let left = output.amount
    for (const [place, payer] of takers.entries()) {
      const same = takers.filter(({ asset }) => asset === payer.asset)
      const all = same.reduce((sum, { amount }) => sum + amount, 0n)
      const isLast = place === takers.length - 1
      const amount = isLast ? left : (output.amount * payer.amount) / (all * BigInt(assets.length))
      left -= amount
      if (amount > 0n) got.get(payer)?.push({ ...output, amount })
    }
  }
  return given.flatMap((payer) => {
    const own = got.get(payer) ?? []
    if (own.length === 0) return []
    return [{ payer: payer.address, asset: payer.asset, amount: payer.amount, got: own }]
  })
}

function lastPosition(transfers: readonly Transfer[], asset: AssetId, to: Address): string {
  const last = transfers.findLast((each) => each.asset === asset && each.to === to)
  return last?.position ?? ''
}

/** What is left of the transfers: of swapped assets what each gained from whom, net of the swaps; all others as they were. */
function withoutTrades(
  transfers: readonly Transfer[],
  { nets, takers, trades }: { nets: Nets; takers: ReadonlySet<Address>; trades: readonly Trade[] },
): Transfer[] {
  const swapped = new Set(
    trades.flatMap(({ asset, got }) => [asset, ...got.map((each) => each.asset)]),
  )
  const fees = transfers.filter(({ asset, isFee }) => isFee && swapped.has(asset))
  const others = transfers.filter(({ asset }) => !swapped.has(asset))
  const rest = [...swapped].flatMap((asset) => {
    const left = new Map<Address, bigint>()
    for (const [address, net] of nets) left.set(address, net.get(asset) ?? 0n)
    const add = (address: Address, amount: bigint) =>
      left.set(address, (left.get(address) ?? 0n) + amount)
    for (const { from, amount } of fees.filter((fee) => fee.asset === asset)) add(from, amount)
    for (const trade of trades) {
      if (trade.asset === asset) add(trade.payer, trade.amount)
      for (const each of trade.got) if (each.asset === asset) add(each.to, -each.amount)
    }
    return pairUp(left, { asset, transfers, takers })
  })
  return [...rest, ...fees, ...others]
}

/** Who lost pays who gained, in the order in which they stand; pools come last. */
function pairUp(
  left: ReadonlyMap<Address, bigint>,
  {
    asset,
    transfers,
    takers,
  }: { asset: AssetId; transfers: readonly Transfer[]; takers: ReadonlySet<Address> },
): Transfer[] {
  const sorted = [...left].sort(([a], [b]) => Number(takers.has(a)) - Number(takers.has(b)))
  const losers = sorted
    .filter(([, amount]) => amount < 0n)
    .map(([from, amount]) => ({ from, due: -amount }))
  const paid: Transfer[] = []
  for (const [to, gained] of sorted) {
    let open = gained
    for (const loser of losers) {
      if (open <= 0n) break
      const amount = loser.due < open ? loser.due : open
      if (amount === 0n) continue
      loser.due -= amount
      open -= amount
      const place = lastPosition(transfers, asset, to)
      const isFirst = !paid.some(({ position }) => position === place)
      paid.push({
        position: isFirst ? place : `${place}:${paid.length}`,
        from: loser.from,
        to,
        asset,
        amount,
      })
    }
  }
  return paid
}
