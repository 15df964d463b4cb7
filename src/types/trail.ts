import type {
  Address,
  AssetId,
  BlockRef,
  ChainId,
  Crossing,
  IssuerAct,
  Transaction,
} from './chain.ts'
import type { ServiceKind } from './label.ts'
import type { Passage } from './passage.ts'

/** Rules by which a payment out of a mixed account carries stolen money. */
export const policyNames = [
  'fifo',
  'lifo',
  'haircut',
  'taint-first',
  'clean-first',
  'poison',
] as const
export type PolicyName = (typeof policyNames)[number]

/** What every trail keeps after every block: the stored truth and its two bounds. */
export const trailPolicies = ['fifo', 'taint-first', 'clean-first'] as const satisfies PolicyName[]

/**
 * A stretch of stolen base units, `start` included, `end` not. Clean money is what lies between.
 * In a FIFO queue the scale is all that was ever received, in a LIFO stack the height, in a payment its own amount.
 */
export type Lot = { start: bigint; end: bigint }

/** The stolen part of one account under one policy: either lots or one number (`stolenIn` adds them up). */
export type Holding = {
  /** Base units, under policies that need one number only. */
  amount: bigint
  /** In ascending order, under policies that keep a queue. */
  lots: Lot[]
  /** Index of the first lot not yet used up. */
  first: number
  /** Fewest stolen-carrying payments from a source so far; `Infinity` when none came under this policy. */
  hops: number
}

/** A coin that carries stolen value, as an account of its own: what is in it leaves it all at once. */
export type HeldCoin = {
  /** `TXID:OUTPUT`. */
  id: string
  amount: bigint
  /** One for each policy of the ledger, in its order. Those of the account at its address are their sums. */
  holdings: readonly Holding[]
}

/** Why a trail ends at an account: it belongs to a service, or it behaves like one and waits for a person to judge. */
export type Stop = ServiceKind | 'busy'

/** One address that stolen value reached, in one asset. Amounts are base units. */
export type Account = {
  address: Address
  /** All that ever came in, the balance before it was reached included. */
  received: bigint
  /** All that ever left; the known balance is `received - paid`. */
  paid: bigint
  /** Came in by payments that carried stolen value. */
  fromCase: bigint
  /** One for each policy of the ledger, in its order. */
  holdings: Holding[]
  /** On chains of coins: those at this address that carry stolen value. @default none */
  coins?: readonly HeldCoin[]
  stop: Stop | null
  /** Unix seconds of the first payment that carried stolen value to it. */
  reachedAt: number
  /** Unix seconds of the last such payment or of its own last one; what strangers send does not wake it. */
  activeAt: number
  /** First address it passed stolen value on to; a second one is a split. */
  firstPayee: Address | null
  /** Who first paid stolen value to it; another one later is a merger. `null` for a source. */
  firstPayer: Address | null
  /** The path it lies on, by its first payee: a path starts at a source or a split. A source's own address. */
  path: Address
  /** Strangers that it paid on `day` (days since 1970), counted up to the limit of the behaviour stop. */
  strangers: { day: number; addresses: Address[] }
}

/**
 * The books of one case in one asset: `sum(accounts) + fees + dropped + swappedOut = stolen + swappedIn` under every policy
 * but poison.
 */
export type Ledger = {
  asset: AssetId
  policies: readonly PolicyName[]
  stolen: bigint
  /** One for each policy: paid to validators, and too small to follow. */
  fees: bigint[]
  dropped: bigint[]
  /** One for each policy: became this asset in swaps, and became another one. */
  swappedIn: bigint[]
  swappedOut: bigint[]
  /** All of them when a file is traced; in a live case those at hand, the others wait in the store. */
  accounts: Map<Address, Account>
  /** The books in short, kept up to date by `applyChange`: what accounts hold, by where that is. */
  totals: Totals
  /**
   * What each address off the trail got of the dropped, by the rule that says most: slices of one payment do not slip
   * under the floor.
   */
  dust: Map<Address, bigint>
}

/** Where stolen value can rest. */
export type Place = 'on the trail' | 'parked' | ServiceKind

/** For each place and each policy: base units held there and how many addresses hold any. */
export type Totals = ReadonlyMap<Place, readonly { amount: bigint; addresses: number }[]>

/** Where the stolen value of a case is now. */
export type Trail = {
  caseId: string
  chain: ChainId
  ledgers: Map<AssetId, Ledger>
}

/** A transfer that carried stolen value. */
export type Hop = {
  caseId: string
  chain: ChainId
  block: number
  /** Unix seconds of the block. */
  time: number
  transaction: string
  position: string
  from: Address
  to: Address
  asset: AssetId
  /** The whole payment and its stolen part under each policy of the ledger, in base units. */
  amount: bigint
  stolen: bigint[]
  /** Where it goes on, on another chain. */
  crossing?: Crossing
  /** Out of which bridge it came, from which chain and transaction, and what the bridge names it by. */
  arrived?: {
    bridge: string
    chain: ChainId
    transaction: string
    key: string
    /** The bridge gave it back where it took it. @default it came over */
    isBack?: boolean
  }
  /** What it is in a peel chain of coins. @default nothing of that kind */
  peel?: 'kept' | 'peeled'
  /** Where a swap brought it: what the payer gave for all that came out, and its stolen part. */
  swapped?: { asset: AssetId; amount: bigint; stolen: bigint[] }
  /** Fewest payments from a source to the payee. */
  hops: number
  stop: Stop | null
  /** The payee was reached for the first time. */
  isFirstContact: boolean
  /** The payer had passed stolen value to another address before. */
  isSplit: boolean
  /** The payee was on the trail already, by another payer. */
  isMerger: boolean
  /** The path that it belongs to, by its first payee. */
  path: Address
  /** Seconds since anything last moved at the payer. */
  idleSeconds: number
}

/** What may end or thin out a trail. */
export type Rules = {
  /** The kind of service that an address is labelled as. */
  serviceOf(address: Address): ServiceKind | null
  /** Lists call it a service: it is no stranger to be counted, whatever people say of it later. */
  isListed(address: Address): boolean
  /** The contract of a token that an address takes and pays out for; itself or nobody else's. @default nobody */
  issuerOf?(address: Address): Address | undefined
  /** A person has said what it is, so that its behaviour does not park it. */
  isJudged(address: Address): boolean
  /** What is on its way here over a bridge, by what the bridge names it by. @default nothing */
  passageOf?(key: string): Passage | undefined
  /** Keys of what people say that a transaction pays out. @default none */
  tiesOf?(transaction: string): readonly string[]
  /** Where bridges' APIs say that value of a transaction goes on. @default nowhere */
  toldOf?(transaction: string): readonly Crossing[]
  /** Smaller stolen payments to new addresses are booked as dropped: parts per million of what was stolen. */
  dustPerMillion: bigint
  /** An unlabelled address that pays more strangers than this in a day is parked; `null` never parks. */
  busyStrangers: number | null
}

/** One ledger's part of a change: the accounts and totals to put in the place of today's. */
export type LedgerChange = {
  asset: AssetId
  /** `undefined` takes the account off the trail (undoing the block that opened it). */
  accounts: Map<Address, Account | undefined>
  fees: bigint[]
  dropped: bigint[]
  swappedIn: bigint[]
  swappedOut: bigint[]
  dust: Map<Address, bigint | undefined>
}

/** A ledger's change with all that stands in the ledger after it: what is saved. */
export type SavedLedgerChange = LedgerChange & { stolen: bigint; totals: Totals }

/** A transaction that touched the trail, kept so that other policies can be worked out later. */
export type SeenTransaction = {
  transaction: Transaction
  time: number
  block: BlockRef & { parentHash: string }
  /** Accounts that it opened, each by the transfer at `position`, with the balance they held before that. */
  opened?: readonly { asset: AssetId; address: Address; prior: bigint; position: string }[]
}

/** What a block does to a trail. Nothing is changed until `applyChange`. */
export type TrailChange = {
  ledgers: LedgerChange[]
  hops: Hop[]
  /** Unlabelled busy addresses that are parked from this block on. */
  parked: { address: Address; transaction: string }[]
  seen: SeenTransaction[]
  /** What issuers did to addresses on the trail. */
  issuerActs: (IssuerAct & { transaction: string })[]
  /** Reached addresses whose balance before this block must be read first; the change is good only when none is left. */
  missing: { asset: AssetId; address: Address }[]
}
