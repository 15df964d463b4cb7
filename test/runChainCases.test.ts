import { describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { placeOf, runChain } from '#src/runChain.ts'
import { createStore } from '#src/store/createStore.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import { caseOf } from '#test/support/followRows.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Transaction } from '#types/chain.ts'

const [thiefA = '', thiefB = '', mule = '', other = ''] = parties
const theftA = {
  ...caseOf([{ address: thiefA, amount: 1_000n }]),
  id: 'a',
  name: 'A',
  followAfter: 0,
}
const theftB = {
  ...caseOf([{ address: thiefB, amount: 1_000n }]),
  id: 'b',
  name: 'B',
  followAfter: 18,
}
const { signal } = new AbortController()

function pay(hash: string, from: string, to: string): Transaction {
  return {
    hash,
    transfers: [{ position: 'v', from, to, asset: ethereum.native.id, amount: 10n }],
  }
}

describe('several cases on one chain', () => {
  test('behavior: after a restart a reorganization below the start of one leaves no orphan in the other', async () => {
    const before = growBlocks([], {
      to: 20,
      transactionsOf: (number) => (number === 15 ? [pay('0xa15', thiefA, mule)] : []),
    })
    const store = await createStore(await openSqlite(':memory:'))
    const chat = createMemoryChat()
    const first = await createTestContext({ cases: [theftA, theftB], store, chat })
    for (const open of first.opened) {
      await runChain(first.context, createScriptedChain([{ blocks: before }]), {
        cases: [open],
        signal,
      })
    }
    await first.deliver()
    expect(chat.messages.length).toBe(1)
    const after = growBlocks(cutBlocks(before, 10), { to: 22, branch: 'b' })
    const again = await createTestContext({ cases: [theftB, theftA], store, chat })
    const loops = Map.groupBy(again.opened, placeOf)
    expect(loops.size).toBe(2)
    for (const cases of loops.values()) {
      await runChain(again.context, createScriptedChain([{ blocks: after }]), { cases, signal })
    }
    await again.deliver()
    for (const open of again.opened) expect(open.head).toMatchObject({ number: 22, hash: 'b22' })
    expect(await store.readHops('a')).toEqual([])
    expect(JSON.stringify(chat.messages)).toContain('retracted')
  })

  test('behavior: cases that differ in how far they can be undone are not followed in one loop', async () => {
    const blocks = growBlocks([], { to: 20 })
    const { context, opened } = await createTestContext({ cases: [theftA, theftB] })
    for (const open of opened) {
      await runChain(context, createScriptedChain([{ blocks }]), { cases: [open], signal })
    }
    const together = runChain(context, createScriptedChain([{ blocks }]), { cases: opened, signal })
    await expect(together).rejects.toThrow('stand at different blocks')
  })

  test('behavior: an address that two cases reach in one block is told as met', async () => {
    const theft = { ...theftB, followAfter: 0 }
    const { context, opened, chat, deliver } = await createTestContext({ cases: [theftA, theft] })
    const both = [pay('0x1', thiefA, mule), pay('0x2', thiefB, mule)]
    const blocks = growBlocks([], { to: 3, transactionsOf: (number) => (number === 2 ? both : []) })
    await runChain(context, createScriptedChain([{ blocks }]), { cases: opened, signal })
    await deliver()
    const titles = chat.messages.map(({ message }) => [message.title].flat().slice(1).join(''))
    expect(titles.filter((title) => title.includes('address of another case (A)')).length).toBe(1)
    // That it moved there is told with it, and not twice.
    expect(titles.length).toBe(2)
  })
})

describe('books that would not balance', () => {
  test('error: a made-up fee stops the loop, and nothing of its block is saved', async () => {
    const { context, opened } = await createTestContext({ cases: [theftA] })
    const fee = { from: thiefA, asset: ethereum.native.id, amount: -100n }
    const blocks = growBlocks([], {
      to: 5,
      transactionsOf: (number) => (number === 3 ? [{ ...pay('0x3', thiefA, mule), fee }] : []),
    })
    const followed = runChain(context, createScriptedChain([{ blocks }]), { cases: opened, signal })
    await expect(followed).rejects.toThrow(
      'The books of the case "a" in "eip155:1/slip44:60" would not balance under fifo.',
    )
    expect(opened[0]?.head?.number).toBe(2)
    expect((await context.store.readCase('a'))?.head?.number).toBe(2)
    expect(await context.store.readHops('a')).toEqual([])
  })
})

describe('a case that has changed since', () => {
  const changes = {
    amount: { ...theftA, sources: caseOf([{ address: thiefA, amount: 999n }]).sources },
    source: { ...theftA, sources: caseOf([{ address: other, amount: 1_000n }]).sources },
    start: { ...theftA, followAfter: 1 },
  }
  test.each(Object.entries(changes))('error: another %s is refused', async (_name, changed) => {
    const store = await createStore(await openSqlite(':memory:'))
    await createTestContext({ cases: [theftA], store })
    await createTestContext({ cases: [{ ...theftA, name: 'Another name' }], store })
    await expect(createTestContext({ cases: [changed], store })).rejects.toThrow(
      'The case "a" was opened with another chain, start or other sources.',
    )
  })
})
