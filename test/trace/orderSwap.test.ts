import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildTransaction } from '#adapters/chain/evm/buildTransaction.ts'
import type { RawLog, RawReceipt, RawTransaction } from '#adapters/chain/evm/raw.ts'
import { readFlatTrace } from '#adapters/chain/evm/readTrace.ts'
import { chainAssets } from '#test/support/chainAssets.ts'
import { plainRules } from '#test/support/plainRules.ts'
import { findTrades } from '#trace/findTrades.ts'

/** A transaction as it was recorded: its logs and what its calls paid. */
const recorded: {
  transaction: string
  from: string
  to: string
  logs: RawLog[]
  trace: object[]
} = JSON.parse(readFileSync(new URL('../data/order-swaps/uniswapx.json', import.meta.url), 'utf8'))
const shipped = chainAssets('eip155:1')
const contract = '0x576e2bed8f7b46d34016198911cdf9886f78bea7'
const token = { id: `eip155:1/erc20:${contract}`, symbol: 'T', decimals: 9 }
const assets = {
  ...shipped,
  tokens: new Map([...shipped.tokens, [contract, { contract, asset: token }]]),
}
const swapper = '0x2808bff867d059e8105523f9ef44b61448e8f1ec'
test('behavior: an order of UniswapX that a stranger filled is a swap of whoever signed it', () => {
  const { transaction: hash, from, to, logs, trace } = recorded
  const raw = { hash, from, to, value: '0x0', nonce: '0x0', input: '0x', gasPrice: '0x1' }
  const transaction = raw as RawTransaction
  const receipt = { status: '0x1', gasUsed: '0x1', logs } as RawReceipt
  const steps = readFlatTrace(trace, { transaction, logs })
  const built = buildTransaction(transaction, { receipt, assets, steps })
  const isFollowed = (_: string, address: string) => address === swapper
  const { trades, transfers } = findTrades(built, { isFollowed, rules: plainRules })
  // The token takes a hundredth of each payment.
  expect(trades).toMatchObject([
    {
      ...{ payer: swapper, asset: token.id },
      got: [{ to: swapper, asset: shipped.native, amount: 0x155110ce0a7e71c0n }],
    },
  ])
  expect(trades.map(({ amount }) => amount)).toEqual([0xb65f031358n])
  // Whoever filled it, and pools, got nothing that is stolen but the fee of the token.
  const payees = new Set(transfers.filter((each) => each.from === swapper).map((each) => each.to))
  expect([...payees]).toEqual([contract])
})
