import { describe, expect, test } from 'vitest'
import { bybit, bybitFirstHops } from '#config/cases/bybit/index.ts'
import { runChain } from '#src/runChain.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Block } from '#types/chain.ts'

/** The first hops as blocks; a token is told by its contract, whatever it calls itself. */
function bybitBlocks(): Block[] {
  const rows = bybitFirstHops.toSorted((a, b) => a.block - b.block || a.hop - b.hop)
  const blocks: Block[] = []
  for (const [place, { block: number, time, hash, from, to, amount, contract }] of rows.entries()) {
    const asset = contract === null ? 'eip155:1/slip44:60' : `eip155:1/erc20:${contract}`
    const transfers = [{ position: `l${place}`, from, to, asset, amount }]
    const last = blocks.at(-1)
    if (last?.number === number) last.transactions.push({ hash, transfers })
    else {
      const parentHash = last?.hash ?? 'start'
      const transactions = [{ hash, transfers }]
      blocks.push({
        chain: bybit.chain,
        number,
        hash: `b${number}`,
        parentHash,
        time,
        transactions,
      })
    }
  }
  return blocks
}

async function replay() {
  const { context, chat, log, deliver, opened } = await createTestContext({ cases: [bybit] })
  const reader = createScriptedChain([{ blocks: bybitBlocks() }])
  await runChain(context, reader, { cases: opened, signal: new AbortController().signal })
  await deliver()
  const [open] = opened
  if (!open) throw new Error('The Bybit case is open.')
  const stored = await context.store.readHops('bybit')
  return { open, stored, chat, log }
}

describe('the first hops of the Bybit theft', () => {
  test('no look-alike token makes a hop, genuine payments do', async () => {
    const { stored, log } = await replay()
    const hopOf = ({ transaction, to }: { transaction: string; to: string }) =>
      `${transaction} ${to}`
    const hops = new Set(stored.map(hopOf))
    const isHop = ({ hash, to }: { hash: string; to: string }) =>
      hops.has(hopOf({ transaction: hash, to }))
    expect(bybitFirstHops.filter((hop) => hop.counterfeit && isHop(hop))).toEqual([])
    const lost = bybitFirstHops.filter((hop) => !hop.counterfeit && !isHop(hop))
    // The second wallet swapped stETH for ETH: what it and its payee pay out of that is another asset's trail.
    expect(lost.map(({ from, symbol }) => `${from.slice(0, 6)} ${symbol}`)).toEqual([
      ...Array.from({ length: 3 }, () => '0xa4b2 ETH'),
      ...Array.from({ length: 8 }, () => '0xdd90 ETH'),
    ])
    expect(stored.length).toBe(60)
    expect(log).toEqual([])
  })

  test('nobody who got look-alike tokens alone is on the trail or in a message', async () => {
    const { open, chat } = await replay()
    const real = new Set(
      bybitFirstHops.filter((hop) => !hop.counterfeit).flatMap(({ from, to }) => [from, to]),
    )
    const bait = bybitFirstHops
      .filter((hop) => hop.counterfeit && !real.has(hop.to))
      .map(({ to }) => to)
    expect(bait.length).toBeGreaterThan(0)
    const told = JSON.stringify(chat.messages).toLowerCase()
    expect(chat.messages.length).toBeGreaterThan(0)
    for (const address of bait) {
      for (const ledger of open.trail.ledgers.values())
        expect(ledger.accounts.has(address)).toBe(false)
      expect(told).not.toContain(address)
    }
  })
})
