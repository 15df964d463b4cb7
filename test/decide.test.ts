import { describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { decide } from '#src/decide.ts'
import { flagAddress } from '#src/flag/flagAddress.ts'
import { runRetraces } from '#src/retrace/runRetraces.ts'
import { runChain } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { createStore } from '#src/store/createStore.ts'
import { refreshFeed } from '#src/upkeep/refreshFeed.ts'
import { caseOf } from '#test/support/followRows.ts'
import { growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { adminHouse, createTestContext } from '#test/support/testContext.ts'
import type { ChainReader, Transaction } from '#types/chain.ts'
import type { FeedSettings } from '#types/feed.ts'

const asset = ethereum.native.id
const [thief, mule, next] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
]
const theft = { ...caseOf([{ address: thief, amount: 100n }]), followAfter: 0 }
const { signal } = new AbortController()
const by = { account: 'terminal', name: 'Ann', organization: null, at: 1_700_000_000 }
const flag = {
  ...{ address: mule, name: 'Acme', note: '', confidence: 0.9, by },
  ...({ kind: 'exchange', role: 'lead' } as const),
}

function pay(number: number, from: string, to: string, amount: bigint): Transaction {
  return { hash: `0x${number}`, transfers: [{ position: 'v', from, to, asset, amount }] }
}

/** The thief pays the mule in block 1, and the mule goes on in block 3. */
const blocks = growBlocks([], {
  to: 4,
  transactionsOf: (number) =>
    number === 1 ? [pay(1, thief, mule, 60n)] : number === 3 ? [pay(3, mule, next, 50n)] : [],
})

const until = (number: number) => blocks.filter((block) => block.number <= number)

describe('decisions between blocks', () => {
  test('behavior: what is decided while a block is being worked on counts for that block', async () => {
    const { context, opened } = await createTestContext({ cases: [theft] })
    const scripted = createScriptedChain([{ blocks }])
    const reader: ChainReader = {
      ...scripted,
      async readBlockAfter(number, head) {
        const block = await scripted.readBlockAfter(number, head)
        if (block?.number !== 3) return block
        return {
          ...block,
          async readTransactions(watch) {
            const transactions = await block.readTransactions(watch)
            // A slow node: meanwhile somebody says what the payer is.
            if (context.standing.flag.size === 0) await flagAddress(context, flag)
            return transactions
          },
        }
      },
    }
    await runChain(context, reader, { cases: opened, signal })
    const [account] = await context.store.readAccounts('test', [next])
    // The mule's account is as it was opened until the case is worked out again; then the trail ends there.
    expect(context.standing.retrace.get('test')?.sinceBlock).toBe(1)
    await runOnce(context)
    expect(account?.accounts.length).toBe(1)
    const [after] = await context.store.readAccounts('test', [next])
    expect(after?.accounts).toEqual([])
  })

  test('behavior: what a flag asks for survives a restart', async () => {
    const store = await createStore(await openSqlite(':memory:'))
    const before = await createTestContext({ cases: [theft], store })
    await runChain(before.context, createScriptedChain([{ blocks: until(4) }]), {
      cases: before.opened,
      signal,
    })
    await flagAddress(before.context, flag)
    const after = await createTestContext({ cases: [theft], store })
    expect(after.context.standing.retrace.get('test')?.causes).toHaveLength(1)
    expect(after.context.labels.get(mule)?.[0]?.name).toBe('Acme')
    const status = await runText(after.context, 'status')
    expect(status).toContain('since block 1; 0 % of working it out again is done')
    await runOnce(after.context)
    expect(await runText(after.context, 'status')).not.toContain('Incomplete')
    expect(await store.readHops('test')).toMatchObject([{ to: mule, stop: 'exchange' }])
  })

  test('error: a decision that cannot be saved leaves everything as it was', async () => {
    const { context } = await createTestContext({ cases: [theft] })
    const broken = {
      ...context,
      store: { ...context.store, saveDecision: () => Promise.reject(new Error('full')) },
    }
    broken.whole = broken
    await expect(flagAddress(broken, flag)).rejects.toThrow('full')
    expect(context.standing.flag.size).toBe(0)
    expect(context.labels.get(mule)).toBe(undefined)
    // The next one has its turn all the same.
    expect(await decide(context, () => ({ result: 1 }))).toBe(1)
  })
})

describe('feeds', () => {
  const settings: FeedSettings = {
    ...{ name: 'list', from: { file: 'x' }, format: 'ofac', kind: 'exchange', source: 'A list' },
    ...{ confidence: 0.7, staleAfterDays: 30, schedule: '0 6 * * *', incident: null },
  }
  const rows = [{ address: mule, name: 'Acme', kind: 'exchange' }]

  test('behavior: what is new waits for a review, is told once, and counts back to the theft once accepted', async () => {
    const house = { ...adminHouse, feeds: [settings] }
    const { context, chat, opened, deliver } = await createTestContext({ cases: [theft], house })
    await runChain(context, createScriptedChain([{ blocks }]), { cases: opened, signal })
    await deliver()
    const told = chat.messages.length
    for (let again = 0; again < 2; again++) {
      await refreshFeed(context, settings, { read: async () => rows })
    }
    await deliver()
    expect(chat.messages.length).toBe(told + 1)
    expect(JSON.stringify(chat.messages.at(-1)?.message)).toContain('The feed list has news: 1 new')
    expect(context.labels.get(mule)).toBe(undefined)
    expect(await runText(context, 'labels review list')).toContain('on the trail of')
    expect(await runText(context, 'labels accept list')).toContain('test: worked out again')
    expect(context.labels.get(mule)?.[0]).toMatchObject({ source: 'A list', kind: 'exchange' })
    await runOnce(context)
    expect(await context.store.readHops('test')).toMatchObject([{ stop: 'exchange' }])
    expect(await runText(context, 'labels accept list')).toContain('Nothing of the feed')
    // The same again is as new as today, and no news.
    await refreshFeed(context, settings, { read: async () => rows })
    expect(context.standing.feed.get('list')?.proposed).toBe(null)
  })

  test('behavior: rejected it is gone, and what was in force stays', async () => {
    const house = { ...adminHouse, feeds: [settings] }
    const { context } = await createTestContext({ cases: [theft], house })
    await refreshFeed(context, settings, { read: async () => rows })
    await runText(context, 'labels reject list')
    expect(context.standing.feed.get('list')).toMatchObject({ accepted: null, proposed: null })
  })

  test('error: a feed that fails changes nothing', async () => {
    const { context } = await createTestContext({ cases: [theft] })
    const read = () => Promise.reject(new Error('no'))
    await expect(refreshFeed(context, settings, { read })).rejects.toThrow('no')
    expect(context.standing.feed.size).toBe(0)
  })
})

type Context = Awaited<ReturnType<typeof createTestContext>>['context']

/** Works out again what asks for it. */
async function runOnce(context: Context): Promise<void> {
  const stop = new AbortController()
  const work = runRetraces(context, { signal: stop.signal })
  await expect.poll(() => context.standing.retrace.size, { timeout: 5_000 }).toBe(0)
  stop.abort()
  await work
}

async function runText(context: Context, text: string): Promise<string> {
  const user = { id: 'terminal', name: 'Ann' }
  return JSON.stringify(await runCommand(context, commands, { text, user, channel: 'memory' }))
}
