import { beforeEach, describe, expect, test } from 'vitest'
import { loadAccounts } from '#src/case/loadAccounts.ts'
import type { Context } from '#src/context.ts'
import { runChain } from '#src/runChain.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import { bareRules, caseOf, ledgerOf, transfer } from '#test/support/followRows.ts'
import { growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Account } from '#types/trail.ts'

const [thief = '', first = '', second = '', dusty = '', stranger = ''] = parties
const other = `0x${'d'.repeat(40)}`
const token = { id: `eip155:1/erc20:0x${'7'.repeat(40)}`, symbol: 'TST', decimals: 0 }

let context: Context
let open: OpenCase
/** As they were followed. */
let whole: Map<string, Account>

beforeEach(async () => {
  const inEther = caseOf([{ address: thief, amount: 1000n }])
  // Nobody of these is on the trail of the token: for each of them the store is asked again.
  const sources = [...inEther.sources, { address: other, asset: token.id, amount: 1n }]
  const theft = { ...inEther, followAfter: 0, assets: [...inEther.assets, token], sources }
  const rules = { ...bareRules, dustPerMillion: 10_000n }
  const made = await createTestContext({ cases: [theft], rules })
  const rows = [
    transfer(1, thief, first, 100n),
    transfer(2, thief, second, 50n),
    transfer(3, thief, dusty, 4n),
  ]
  const transactionsOf = (number: number) =>
    rows.filter(({ block }) => block === number).map(({ transaction }) => transaction)
  const blocks = growBlocks([], { to: 3, transactionsOf })
  const { signal } = new AbortController()
  await runChain(made.context, createScriptedChain([{ blocks }]), { cases: made.opened, signal })
  whole = ledgerOf(made.opened[0]!).accounts
  const again = await createTestContext({ cases: [theft], rules, store: made.context.store })
  context = again.context
  open = again.opened[0]!
})

const atHand = () => [...ledgerOf(open).accounts.keys()]

describe('loadAccounts', () => {
  test('default: after a restart nothing is at hand, and what is asked for comes as it was', async () => {
    expect(atHand()).toEqual([])
    await loadAccounts(context, open, [thief, first, stranger])
    expect(atHand().sort()).toEqual([thief, first].sort())
    for (const [address, account] of ledgerOf(open).accounts)
      expect(account).toEqual(whole.get(address))
  })

  test('behavior: dust comes too, of addresses that have no account', async () => {
    await loadAccounts(context, open, [dusty])
    expect(atHand()).toEqual([])
    expect(ledgerOf(open).dust).toEqual(new Map([[dusty, 4n]]))
  })

  test('behavior: all parties of transactions, who pays the fee included', async () => {
    const { transaction } = transfer(4, stranger, second, 1n)
    const fee = { from: first, asset: ledgerOf(open).asset, amount: 1n }
    await loadAccounts(context, open, [{ ...transaction, fee }])
    expect(atHand().sort()).toEqual([first, second].sort())
  })

  test('behavior: what is at hand is newer than what is saved, or the same', async () => {
    const account = { ...whole.get(first)!, received: 7n }
    ledgerOf(open).accounts.set(first, account)
    ledgerOf(open).dust.set(dusty, 5n)
    await loadAccounts(context, open, [first, second, dusty])
    expect(ledgerOf(open).accounts.get(first)).toBe(account)
    expect(ledgerOf(open).dust.get(dusty)).toBe(5n)
    expect(ledgerOf(open).accounts.has(second)).toBe(true)
  })

  test('behavior: what is at hand is not read again', async () => {
    const asked: (readonly string[])[] = []
    const store: Context['store'] = {
      ...context.store,
      readAccounts(id, addresses) {
        asked.push(addresses)
        return context.store.readAccounts(id, addresses)
      },
    }
    open.trail.ledgers.delete(token.id)
    await loadAccounts({ store }, open, [first])
    await loadAccounts({ store }, open, [first, second, second])
    await loadAccounts({ store }, open, [first])
    await loadAccounts({ store }, open, [])
    expect(asked).toEqual([[first], [second]])
  })

  test('behavior: when there is more than may be at hand, it starts afresh with what is asked for', async () => {
    await loadAccounts(context, open, [thief, first, dusty], { maxAtHand: 2 })
    await loadAccounts(context, open, [first], { maxAtHand: 2 })
    expect(atHand()).toEqual([first])
    expect(ledgerOf(open).dust.size).toBe(0)
    expect(ledgerOf(open).accounts.get(first)).toEqual(whole.get(first))
  })
})
