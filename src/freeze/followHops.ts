import type { Address, AssetId } from '#types/chain.ts'
import { maxUndoBlocks } from '#types/chain.ts'
import type { Deposit, Flow, Freeze } from '#types/freeze.ts'
import type { Account, Hop } from '#types/trail.ts'
import { handleOf } from '#utils/handleOf.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { isOpenFreeze } from './stateOf.ts'

/** Whose an address is, by its label, and how that is known. */
export type Owner = { id: string } & Freeze['grounds']

export type FreezeFacts = {
  /** Whose an address is by its label; `null` where no organization is meant. */
  ownerOf(address: Address): Owner | null
  /** Whether anything is said of an address at all. */
  isLabelled(address: Address): boolean
  /** An account as it is after the hops. */
  accountOf(asset: AssetId, address: Address): Account | undefined
  /** Base units of stolen value that an account holds now. */
  stolenAt(account: Account): bigint
  /** Whether so little of an asset is not worth a request. */
  isDust(asset: AssetId, amount: bigint): boolean
  /** Whether an address was learned by this sweep before, and what it held still after it: followed anew it is the same. */
  wasSwept(hop: Hop): boolean
  restKnown(hop: Hop): Flow | undefined
  isDrill: boolean
  /** Days for which a hold is asked. */
  days: number
}

/** Requests of one case, and what is known of customers' addresses; both by key. */
export type FreezeBook = {
  freezes: ReadonlyMap<string, Freeze>
  deposits: ReadonlyMap<Address, Deposit>
}

/** What has changed in it; a customer's address that turns out to be none is `null`. */
export type FreezeChanges = {
  freezes: Map<string, Freeze>
  deposits: Map<Address, Deposit | null>
}

/**
 * What movements of stolen value do to requests: one that comes to an organization drafts a request or adds to it, one
 * that leaves elsewhere is noted, and the first sweep of an address into an organization's wallet names the customer's
 * address. Pure: answers what has changed. The revision of what has changed is raised once.
 */
export function followHops(
  book: FreezeBook,
  hops: readonly Hop[],
  facts: FreezeFacts,
): FreezeChanges {
  const changed: FreezeChanges = { freezes: new Map(), deposits: new Map() }
  const byAddress = Map.groupBy(book.freezes.values(), ({ address }) => address)

  /** Requests about an address as they are by now. */
  function allAt(address: Address): Freeze[] {
    const known = byAddress.get(address) ?? []
    return known.map((freeze) => changed.freezes.get(freeze.id) ?? freeze)
  }

  function openAt(address: Address, asset: AssetId): Freeze[] {
    return allAt(address).filter((freeze) => freeze.asset === asset && isOpenFreeze(freeze))
  }

  function put(freeze: Freeze): void {
    const before = book.freezes.get(freeze.id)
    changed.freezes.set(freeze.id, { ...freeze, revision: before ? before.revision + 1 : 1 })
  }

  function add(freeze: Freeze, flows: readonly Flow[], sweptTo: Address | null = null): void {
    const arrivals = addFlows(freeze.arrivals, flows)
    put({ ...freeze, arrivals, sweptTo: freeze.sweptTo ?? sweptTo })
  }

  function depositAt(address: Address): Deposit | undefined {
    const now = changed.deposits.get(address)
    return (now === undefined ? book.deposits.get(address) : now) ?? undefined
  }

  function draft(hop: Hop, arrival: Arrival): void {
    const { address, owner, flows } = arrival
    const earlier = allAt(address).filter(({ organization }) => organization === owner)
    // Followed anew, what was declined or released stays so.
    if (earlier.some(({ arrivals }) => flows.every((flow) => isIn(arrivals, flow)))) return
    const unit = [hop.caseId, hop.chain, address, '', hop.asset, owner, earlier.length]
    const id = handleOf(['freeze', ...unit].join(' '))
    const freeze = draftOf(hop, { ...arrival, id, facts })
    byAddress.set(address, [...(byAddress.get(address) ?? []), freeze])
    put(freeze)
  }

  for (const [at, hop] of hops.entries()) {
    const [amount = 0n] = hop.stolen
    if (amount === 0n) continue
    const owner = facts.ownerOf(hop.to)
    const leaving = openAt(hop.from, hop.asset)
    // Who pays others is no customer's address that only its exchange empties.
    const payer = depositAt(hop.from)
    if (payer && payer.organization !== owner?.id) changed.deposits.set(hop.from, null)
    for (const freeze of leaving) {
      if (owner?.id === freeze.organization) put({ ...freeze, sweptTo: freeze.sweptTo ?? hop.to })
      else put({ ...freeze, departures: addFlows(freeze.departures, [leavingFlow(hop)]) })
    }
    const here = openAt(hop.to, hop.asset)
    // What a person has asked for grows with all that comes there, whoever is said to own it.
    const said = here.filter(({ grounds }) => grounds.kind === 'said')
    for (const freeze of said) add(freeze, [arrivingFlow(hop, hop.from)])
    // Within an organization nothing has arrived that was not there already.
    if (owner && leaving.some(({ organization }) => organization === owner.id)) continue
    if (facts.isDust(hop.asset, amount) && here.length === 0) continue
    const swept = owner && hop.stop !== null ? learn(hop, owner, facts) : null
    if (swept && !depositAt(hop.from)) changed.deposits.set(hop.from, swept)
    const later = () => hops.slice(at + 1)
    const arrival = arrivalOf(hop, { owner, swept, deposit: depositAt(hop.to), facts, later })
    if (!arrival) continue
    const open = openAt(arrival.address, hop.asset).find(
      (each) => each.organization === arrival.owner,
    )
    if (!open) draft(hop, arrival)
    else if (!said.some(({ id }) => id === open.id)) add(open, arrival.flows, arrival.sweptTo)
  }
  return changed
}

/** What a movement brings to an organization, and at which address; `null` where it brings nothing to any. */
function arrivalOf(
  hop: Hop,
  {
    owner,
    swept,
    deposit,
    facts,
    later,
  }: {
    owner: Owner | null
    /** The payer, where this is its sweep. */
    swept: Deposit | null
    /** The payee, where it was swept before. */
    deposit: Deposit | undefined
    facts: FreezeFacts
    /** What moves after it, before the accounts are as `facts` has them. */
    later: () => readonly Hop[]
  },
): Arrival | null {
  if (owner && swept) {
    return {
      ...{ owner: owner.id, grounds: learnedGrounds(swept), address: hop.from, sweptTo: hop.to },
      flows: [arrivingFlow(hop, hop.to), ...restOf(hop, { facts, later })],
    }
  }
  const flows = [arrivingFlow(hop, hop.from)]
  if (owner) {
    const { id, ...grounds } = owner
    return { owner: id, grounds, flows, address: hop.to }
  }
  if (!deposit) return null
  const grounds = learnedGrounds(deposit)
  return { owner: deposit.organization, grounds, flows, address: hop.to }
}

type Arrival = {
  owner: string
  grounds: Freeze['grounds']
  flows: readonly Flow[]
  address: Address
  sweptTo?: Address | null
}

/** How sure a customer's address is that was swept into an organization's wallet. */
const learnedConfidence = 0.7

function learnedGrounds({ organization, wallet, transaction }: Deposit): Freeze['grounds'] {
  const text = `swept into ${showAddress(wallet)}, a wallet of ${organization}, by ${transaction}`
  return { kind: 'learned', text, confidence: learnedConfidence }
}

/**
 * The payer as a customer's address: it has no label, is no source and has passed stolen value on to no one else but
 * services. In doubt it is nobody's: a thief who pays a wallet directly looks alike, so this is never certain.
 */
function learn(hop: Hop, owner: Owner, facts: FreezeFacts): Deposit | null {
  const payer = facts.accountOf(hop.asset, hop.from)
  const isAlone = payer?.firstPayer !== null && payer?.firstPayee === null
  // What was learned when it happened stays so, whatever the address has done since.
  if (!facts.wasSwept(hop) && !(payer && isAlone)) return null
  if (facts.isLabelled(hop.from)) return null
  const { chain, from: address, to: wallet, transaction, block, time: at, caseId } = hop
  return { chain, address, organization: owner.id, wallet, transaction, block, at, caseId }
}

/** What a swept address held still right after the sweep, less what it paid for gas later: its organization's as well. */
function restOf(
  hop: Hop,
  { facts, later }: { facts: FreezeFacts; later: () => readonly Hop[] },
): Flow[] {
  const known = facts.restKnown(hop)
  if (known) return [known]
  const account = facts.accountOf(hop.asset, hop.from)
  let amount = account ? facts.stolenAt(account) : 0n
  for (const { asset, from, to, stolen } of later()) {
    if (asset !== hop.asset) continue
    if (from === hop.from) amount += stolen[0] ?? 0n
    if (to === hop.from) amount -= stolen[0] ?? 0n
  }
  if (amount <= 0n) return []
  return [{ ...arrivingFlow(hop, hop.to), position: `${hop.position}:rest`, amount, least: 0n }]
}

/** What a movement brought to its payee; `other` is who paid. */
export function arrivingFlow(
  { transaction, position, block, time, stolen }: Hop,
  other: Address,
): Flow {
  const [amount = 0n] = stolen
  const least = stolen.reduce((low, part) => (part < low ? part : low), amount)
  return { transaction, position, block, time, amount, least, other }
}

/** What a movement took from its payer. */
export function leavingFlow(hop: Hop): Flow {
  return { ...arrivingFlow(hop, hop.to), ...(hop.stop === 'victim' && { isReturn: true }) }
}

function draftOf(
  hop: Hop,
  {
    id,
    owner,
    grounds,
    flows,
    address,
    sweptTo = null,
    facts,
  }: Arrival & { id: string; facts: FreezeFacts },
): Freeze {
  const { caseId, chain, asset, time } = hop
  return {
    ...{ id, caseId, chain, asset, address, tag: null, organization: owner, grounds },
    ...{ stage: 'drafted', revision: 1, arrivals: flows, departures: [] },
    ...{ holds: 0n, returned: 0n, until: null, reason: null, sweptTo, desk: [] },
    terms: { days: facts.days, mayTell: false },
    history: [{ what: 'drafted', at: time, by: null, amount: null, note: '' }],
    isDrill: facts.isDrill,
  }
}

function isIn(flows: readonly Flow[], { transaction, position }: Flow): boolean {
  return flows.some((flow) => flow.transaction === transaction && flow.position === position)
}

/** Flows that are kept one by one. */
const maxFlows = 64

/** Adds flows, each once; of those that no reorganization reaches any more the sum stays. */
export function addFlows(flows: readonly Flow[], more: readonly Flow[]): readonly Flow[] {
  const fresh = more.filter((flow) => !isIn(flows, flow))
  const all = [...flows, ...fresh]
  if (all.length <= maxFlows) return all
  const settled = (all.at(-1)?.block ?? 0) - maxUndoBlocks
  const kept = all.filter(({ block, isReturn }) => block > settled || isReturn)
  const old = all.filter((flow) => !kept.includes(flow))
  const [first] = old
  if (!first || old.length < 2) return all
  const sum = (key: 'amount' | 'least') => old.reduce((total, flow) => total + flow[key], 0n)
  const merged = { ...(old.at(-1) ?? first), position: 'earlier' }
  return [{ ...merged, amount: sum('amount'), least: sum('least') }, ...kept]
}

/** Requests and customers' addresses without what came above a block: what has changed. */
export function undoHops({ freezes, deposits }: FreezeBook, ancestor: number): FreezeChanges {
  const isKept = ({ block }: Flow) => block <= ancestor
  const changed: FreezeChanges = { freezes: new Map(), deposits: new Map() }
  for (const freeze of freezes.values()) {
    const { arrivals, departures } = freeze
    if (arrivals.every(isKept) && departures.every(isKept)) continue
    changed.freezes.set(freeze.id, {
      ...freeze,
      arrivals: arrivals.filter(isKept),
      departures: departures.filter(isKept),
      revision: freeze.revision + 1,
    })
  }
  for (const [address, { block }] of deposits) {
    if (block > ancestor) changed.deposits.set(address, null)
  }
  return changed
}
