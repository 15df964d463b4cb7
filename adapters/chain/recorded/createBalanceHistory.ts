import type { Address, AssetId, Block } from '#types/chain.ts'

/** Balances of every address at every block of a recording. */
export type BalanceHistory = {
  /** Base units after block `number`. */
  balanceAfter(asset: AssetId, address: Address, number: number): bigint
}

type Steps = { numbers: number[]; balances: bigint[] }

/**
 * Sums up the rows of a recording: 0 before it, and what an address pays beyond its known balance is money that the
 * recording does not show coming in.
 */
export function createBalanceHistory(blocks: readonly Block[]): BalanceHistory {
  const histories = new Map<string, Steps>()

  function add(asset: AssetId, address: Address, number: number, amount: bigint): void {
    const key = `${asset} ${address}`
    const steps = histories.get(key) ?? { numbers: [], balances: [] }
    histories.set(key, steps)
    const sum = (steps.balances.at(-1) ?? 0n) + amount
    const balance = sum > 0n ? sum : 0n
    if (steps.numbers.at(-1) === number) steps.balances[steps.balances.length - 1] = balance
    else {
      steps.numbers.push(number)
      steps.balances.push(balance)
    }
  }

  for (const { number, transactions } of blocks) {
    for (const { transfers, fee } of transactions) {
      for (const { from, to, asset, amount } of transfers) {
        if (from === to) continue
        add(asset, from, number, -amount)
        add(asset, to, number, amount)
      }
      if (fee) add(fee.asset, fee.from, number, -fee.amount)
    }
  }

  return {
    balanceAfter(asset, address, number) {
      const steps = histories.get(`${asset} ${address}`)
      if (!steps) return 0n
      const place = steps.numbers.findLastIndex((step) => step <= number)
      return steps.balances[place] ?? 0n
    },
  }
}
