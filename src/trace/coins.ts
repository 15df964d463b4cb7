import type { Coin } from '#types/chain.ts'
import type { Account, HeldCoin, Holding, PolicyName } from '#types/trail.ts'
import { holdingAt } from './holdingAt.ts'
import { emptyPayment, type Payment, policies, stolenIn } from './policies.ts'

/** A coin with the stolen part that `payments` say, one for each policy. */
export function mintCoin(
  { id, amount }: Pick<Coin, 'id' | 'amount'>,
  { payments, names }: { payments: readonly Payment[]; names: readonly PolicyName[] },
): HeldCoin {
  const holdings = names.map((name, index): Holding => {
    const holding = emptyHolding()
    const payment = payments[index]
    if (payment) policies[name].give({ received: 0n, paid: 0n }, holding, amount, payment)
    return holding
  })
  return { id, amount, holdings }
}

/** Puts a coin into an account, whose holdings are the sums of its coins. */
export function putCoin(account: Account, coin: HeldCoin): void {
  account.coins = [...(account.coins ?? []), coin]
  for (const [index, holding] of coin.holdings.entries()) {
    holdingAt(account, index).amount += stolenIn(holding)
  }
}

/** Takes a coin off an account; `undefined` where it carries nothing stolen, as far as that is known. */
export function takeCoin(account: Account, id: string): HeldCoin | undefined {
  const coin = account.coins?.find((held) => held.id === id)
  if (!coin) return undefined
  account.coins = account.coins?.filter((held) => held !== coin) ?? []
  for (const [index, holding] of coin.holdings.entries()) {
    holdingAt(account, index).amount -= stolenIn(holding)
  }
  return coin
}

/** What was stolen lies in these coins, in their order; what is left of the last one is clean. */
export function putInCoins(
  account: Account,
  {
    amount,
    coins,
    policies: names,
  }: {
    amount: bigint
    coins: readonly Pick<Coin, 'id' | 'amount'>[]
    policies: readonly PolicyName[]
  },
): void {
  let left = amount
  for (const coin of coins) {
    const part = left < coin.amount ? left : coin.amount
    if (part === 0n) return
    left -= part
    const lots = [{ start: 0n, end: part }]
    const payments = names.map(() => ({ ...emptyPayment(), amount: coin.amount, lots, count: 1 }))
    putCoin(account, mintCoin(coin, { payments, names }))
  }
}

export function emptyHolding(): Holding {
  return { amount: 0n, lots: [], first: 0, hops: Number.POSITIVE_INFINITY }
}
