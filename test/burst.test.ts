import { describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { rules } from '#config/rules.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { collectDigest } from '#src/upkeep/tellDigests.ts'
import { caseOf } from '#test/support/followRows.ts'
import { growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Transaction } from '#types/chain.ts'
import type { Subscription } from '#types/standing.ts'
import { topics } from '#types/topic.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const asset = ethereum.native.id
const thief = `0x${'a'.repeat(40)}`
const address = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

/** Hops of the burst, in five blocks of one minute. */
const hops = 10_000
const perBlock = hops / 5

/** Every tenth hop ends at one of 200 services of all kinds, the others open new paths. */
const kinds = ['exchange', 'mixer', 'bridge', 'dex', 'issuer', 'service']
const services = indexLabels(
  Array.from({ length: 200 }, (_, index) => ({
    address: address(1_000_000 + index),
    name: `Service ${index}`,
    kind: kinds[index % kinds.length] ?? '',
    ...{ source: 'test', date: '', confidence: 1, isStale: false },
  })),
)

function paymentsOf(block: number): Transaction[] {
  return Array.from({ length: perBlock }, (_, place) => {
    const index = block * perBlock + place
    const to = index % 10 === 0 ? address(1_000_000 + (index % 200)) : address(index + 1)
    const transfers = [{ position: 'v', from: thief, to, asset, amount: 10n ** 18n }]
    return { hash: `0x${index.toString(16).padStart(64, '0')}`, transfers }
  })
}

describe('a burst of 10,000 hops in a minute', () => {
  test('behavior: at most 20 messages a channel, and ledger, digest and counts agree to the hop', async () => {
    const theft = { ...caseOf([{ address: thief, amount: 20_000n * 10n ** 18n }]), followAfter: 4 }
    const chat = createMemoryChat()
    const { context, opened, deliver } = await createTestContext({
      cases: [theft],
      chat,
      labels: services,
      rules: { ...rules, busyStrangers: null, dustPerMillion: 0n },
    })
    const by = { account: 'terminal', name: 'Ann', organization: null, at: 0 }
    for (let index = 0; index < 20; index++) {
      const channel = `memory:C${index}`
      const value: Subscription = { channel, caseId: '*', topics, min: null, chain: null, by }
      context.standing.subscription.set(channel, value)
    }
    // Block 5 of this chain begins a minute.
    const blocks = growBlocks([], {
      to: 9,
      transactionsOf: (number) => (number >= 5 ? paymentsOf(number - 5) : []),
    }).map((block) => ({ ...block, time: 1_700_000_040 + (block.number - 5) * 12 }))
    const signal = new AbortController().signal
    await runChain(context, createScriptedChain([{ blocks }]), { cases: opened, signal })
    await deliver()
    const channels = Map.groupBy(chat.messages, ({ place }) => place.channel)
    expect(channels.size).toBe(21)
    for (const messages of channels.values()) expect(messages.length).toBeLessThanOrEqual(20)

    const ledger = await context.store.readHops('test')
    expect(ledger.length).toBe(hops)
    await tellRest(context, opened)
    const [open] = opened
    if (!open) throw new Error('One case is open.')
    const span = { since: 1_700_000_000, until: 1_700_000_400 }
    const { hops: counted, alerts } = await collectDigest(context, open, span)
    expect(counted.hops).toBe(hops)
    expect(alerts.told + alerts.folded + alerts.muted).toBe(hops)
    const stolen = [...counted.destinations.values()].reduce(
      (sum, each) => sum + (each.stolen[0] ?? 0n),
      0n,
    )
    expect(stolen).toBe(BigInt(hops) * 10n ** 18n)
    await deliver()
    for (const messages of Map.groupBy(chat.messages, ({ place }) => place.channel).values()) {
      expect(messages.length).toBeLessThanOrEqual(20)
    }
  }, 120_000)
})
