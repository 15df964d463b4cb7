import type { Source } from '#types/case.ts'
import type { Address, AssetId } from '#types/chain.ts'
import type { Account, Ledger, PolicyName, Rules } from '#types/trail.ts'
import { wholeOf } from '#utils/wholeOf.ts'
import { putInCoins } from './coins.ts'
import { holdingAt } from './holdingAt.ts'
import { emptyPayment, type Payment, type Policy, policies } from './policies.ts'
import { recount } from './recount.ts'

/**
 * Balances of addresses that are not on the trail. In a file, which is all there is, every address starts at 0
 * (`isComplete`); on a live chain only the balances that were read are known.
 */
export type Book = { isComplete: boolean; balances: Map<Address, bigint> }

/** One ledger while transfers are followed through it. Accounts are copied at first touch, the ledger stays as it was. */
export type Draft = {
  ledger: Ledger
  policies: Policy[]
  /** The payment in hand, one for each policy: used again for every transfer. */
  payments: Payment[]
  /** Who paid last. */
  payer: Account | undefined
  accounts: Map<Address, Account>
  fees: bigint[]
  dropped: bigint[]
  swappedIn: bigint[]
  swappedOut: bigint[]
  dust: Map<Address, bigint>
  book: Book
  rules: Rules
  dustFloor: bigint
  /** Reached addresses whose earlier balance is not in the book: read it and follow again. */
  missing: Set<Address>
  /** Accounts opened here, each by the transfer at `position`, with the balance they held before that. */
  opened: { address: Address; prior: bigint; position: string }[]
  /** Accounts parked here because they behave like a service. */
  parked: Address[]
}

/** A ledger in which nothing has moved yet and the sources hold what was stolen. */
export function openLedger({
  sources = [],
  serviceOf = () => null,
  time = 0,
  ...options
}: {
  asset: AssetId
  policies: readonly PolicyName[]
  /** @default none: what comes was another asset before */
  sources?: readonly Pick<Source, 'address' | 'amount' | 'coins'>[]
  serviceOf?: Rules['serviceOf']
  /** Unix seconds. */
  time?: number
}): Ledger {
  const ledger: Ledger = {
    asset: options.asset,
    policies: options.policies,
    stolen: 0n,
    fees: options.policies.map(() => 0n),
    dropped: options.policies.map(() => 0n),
    swappedIn: options.policies.map(() => 0n),
    swappedOut: options.policies.map(() => 0n),
    accounts: new Map(),
    totals: new Map(),
    dust: new Map(),
  }
  for (const { address, amount, coins } of sources) {
    const whole = { ...emptyPayment(), amount, isWhole: true }
    const account =
      ledger.accounts.get(address) ??
      openAccount(ledger, {
        address,
        prior: 0n,
        stop: serviceOf(address),
        time,
        firstPayer: null,
        path: address,
      })
    ledger.accounts.set(address, account)
    if (coins) {
      putInCoins(account, { amount, coins, policies: ledger.policies })
    } else {
      for (const [index, name] of ledger.policies.entries()) {
        policies[name].give(account, holdingAt(account, index), account.received + amount, whole)
      }
    }
    for (const holding of account.holdings) holding.hops = 0
    account.received += coins ? coins.reduce((sum, coin) => sum + coin.amount, 0n) : amount
    account.fromCase += amount
    ledger.stolen += amount
  }
  ledger.totals = recount({ ...ledger, accounts: new Map() }, ledger.accounts)
  return ledger
}

/** An account that is reached now and held `prior` clean base units before. */
export function openAccount(
  ledger: Ledger,
  {
    address,
    prior,
    stop,
    time,
    firstPayer,
    path,
  }: Pick<Account, 'address' | 'stop' | 'firstPayer' | 'path'> & { prior: bigint; time: number },
): Account {
  return {
    address,
    received: prior,
    paid: 0n,
    fromCase: 0n,
    holdings: ledger.policies.map(() => ({ amount: 0n, lots: [], first: 0, hops: Infinity })),
    stop,
    reachedAt: time,
    activeAt: time,
    firstPayee: null,
    firstPayer,
    path,
    strangers: noStrangers,
  }
}

const noStrangers: Account['strangers'] = { day: 0, addresses: [] }

/** A draft of a ledger. @default book: nothing read yet */
export function openDraft(
  ledger: Ledger,
  { rules, book = { isComplete: false, balances: new Map() } }: { rules: Rules; book?: Book },
): Draft {
  return {
    ledger,
    policies: ledger.policies.map((name) => policies[name]),
    payments: ledger.policies.map(emptyPayment),
    payer: undefined,
    accounts: new Map(),
    fees: [...ledger.fees],
    dropped: [...ledger.dropped],
    swappedIn: [...ledger.swappedIn],
    swappedOut: [...ledger.swappedOut],
    dust: new Map(),
    book,
    rules,
    dustFloor: (wholeOf(ledger) * rules.dustPerMillion) / 1_000_000n,
    missing: new Set(),
    opened: [],
    parked: [],
  }
}

/** The account of an address as a draft may change it, `undefined` when the address is not on the trail. */
export function accountOf(draft: Draft, address: Address): Account | undefined {
  const drafted = draft.accounts.get(address)
  if (drafted) return drafted
  const account = draft.ledger.accounts.get(address)
  if (!account) return undefined
  const copy = {
    ...account,
    holdings: account.holdings.map((holding) => ({
      ...holding,
      lots: holding.lots.slice(holding.first),
      first: 0,
    })),
  }
  draft.accounts.set(address, copy)
  return copy
}
