import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { followChain } from '#src/followChain.ts'
import { startDeliveries } from '#src/main/startDeliveries.ts'
import { createStore } from '#src/store/createStore.ts'
import { type Anvil, anvilChain, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { createProxy } from '#test/support/proxy.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Case } from '#types/case.ts'
import type { Chain } from '#types/chain.ts'
import type { Store } from '#types/store.ts'
import { trailPolicies } from '#types/trail.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
const thief = address('a')
const exchange = address('e')
const [splitA, splitB, peel1, peel2, tokenHop, wrapper, late] = [
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
].map(address) as [string, string, string, string, string, string, string]
const eth = parseEther

const labels = new Map([
  [
    exchange,
    [
      {
        address: exchange,
        name: 'Acme deposit',
        kind: 'exchange',
        source: 'test',
        date: '',
        confidence: 1,
        isStale: false,
      },
    ],
  ],
])

/** One start of Posse: follows until it is stopped. */
async function startPosse(
  chain: Chain,
  theft: Case,
  options: { urls: string[]; file: string; chat: ReturnType<typeof createMemoryChat> },
) {
  const store = await createStore(await openSqlite(options.file))
  const { context } = await createTestContext({
    cases: [theft],
    chains: [chain],
    labels,
    store,
    chat: options.chat,
  })
  const stop = new AbortController()
  const { signal } = stop
  const reader = createEvmChain(chain, {
    providers: options.urls.map((url) => ({ url })),
    pollMs: 100,
    timeoutMs: 2_000,
  })
  const cases = [...context.cases.values()]
  const deliveries = startDeliveries(context, { signal })
  const loop = followChain(context, reader, { cases, signal })
  return {
    store,
    head: () => cases[0]?.head?.number ?? -1,
    pending: async () => (await store.countDeliveries()).pending,
    async stop() {
      stop.abort()
      await loop
      await deliveries.finish()
      await store.close()
    },
  }
}

/** Waits until every block is followed and everything is told. */
async function settle(posse: Awaited<ReturnType<typeof startPosse>>, anvil: Anvil): Promise<void> {
  await expect
    .poll(async () => [posse.head(), await posse.pending()], { timeout: 10_000, interval: 50 })
    .toEqual([Number(await anvil.client.getBlockNumber({ cacheTime: 0 })), 0])
}

describe.runIf(hasAnvil)('a staged theft on a real node', () => {
  let anvil: Anvil
  let folder: string

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
  })

  afterAll(async () => {
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  test('behavior: alerts come exactly once through a reorg, a restart and a failing node; the trail equals a clean run', async () => {
    const token = await anvil.deploy()
    const weth = await anvil.deploy()
    const chain = anvilChain({ token, weth })
    const [, other] = chain.tokens
    if (!other) throw new Error('The chain has a wrapper.')
    await anvil.endow(thief, eth('1000'))
    // Gas for those who get tokens alone.
    await anvil.endow(tokenHop, eth('1'))
    await anvil.endow(wrapper, eth('1'))
    await anvil.mint(token, thief, eth('500'))
    await anvil.mine()
    const theft: Case = {
      id: 'staged',
      name: 'Staged theft',
      chain: chain.id,
      stolenAt: 1_700_000_000,
      followAfter: Number(await anvil.client.getBlockNumber({ cacheTime: 0 })),
      assets: [chain.native, ...chain.tokens.slice(0, 1).map(({ asset }) => asset)],
      sources: [
        { address: thief, asset: chain.native.id, amount: eth('1000') },
        { address: thief, asset: `eip155:31337/erc20:${token}`, amount: eth('500') },
      ],
      published: [],
    }
    const proxies = [await createProxy(anvil.url), await createProxy(anvil.url)] as const
    const urls = proxies.map(({ url }) => url)
    const chat = createMemoryChat()
    const file = join(folder, 'live.sqlite')
    let posse = await startPosse(chain, theft, { urls, file, chat })

    // A split.
    await anvil.pay(thief, splitA, eth('600'))
    await anvil.pay(thief, splitB, eth('300'))
    await anvil.mine()
    // A peel chain, with clean money mixed in.
    await anvil.endow(peel1, eth('5'))
    await anvil.pay(splitA, peel1, eth('590'))
    await anvil.mine()
    await settle(posse, anvil)

    // Three blocks that will be undone: a deposit at the exchange, a token move, and a hop that does not come back.
    const snapshot = await anvil.client.snapshot()
    await anvil.pay(peel1, exchange, eth('100'))
    await anvil.mine()
    await anvil.transfer(thief, token, tokenHop, eth('200'))
    await anvil.mine()
    await anvil.pay(thief, late, eth('7'))
    await anvil.mine()
    await settle(posse, anvil)
    const before = chat.messages.length
    await anvil.client.revert({ id: snapshot })
    await anvil.mine()
    await anvil.pay(peel1, exchange, eth('100'))
    await anvil.transfer(thief, token, tokenHop, eth('200'))
    await anvil.mine()
    await anvil.pay(peel1, peel2, eth('400'))
    await anvil.mine(2)
    await settle(posse, anvil)
    // What comes after the deposit lies on a path that has its card.
    expect(chat.messages.length).toBe(before)

    // A restart, while the first node is down.
    await posse.stop()
    await anvil.wrap(splitB, weth, eth('50'))
    await anvil.mine()
    await anvil.transfer(splitB, weth, wrapper, eth('40'))
    await anvil.transfer(tokenHop, token, exchange, eth('150'))
    await anvil.mine()
    proxies[0].state.isDown = true
    posse = await startPosse(chain, theft, { urls, file, chat })
    await settle(posse, anvil)
    await anvil.unwrap(wrapper, weth, eth('30'))
    await anvil.mine()
    proxies[0].state.isDown = false
    proxies[1].state.isDown = true
    await anvil.pay(peel2, exchange, eth('399'))
    await anvil.mine(80)
    await settle(posse, anvil)
    const live = await pictureOf(posse.store, theft)
    await posse.stop()

    const clean = createMemoryChat()
    const again = await startPosse(chain, theft, {
      urls: [anvil.url],
      file: join(folder, 'clean.sqlite'),
      chat: clean,
    })
    await settle(again, anvil)
    const expected = await pictureOf(again.store, theft)
    await again.stop()
    await Promise.all(proxies.map((proxy) => proxy.close()))

    expect(live).toEqual(expected)
    expect(shown(clean, false)).toMatchInlineSnapshot(`
      [
        "150 TEST reached the exchange Acme deposit",
        "200 TEST moved",
        "300 ETH split off",
        "600 ETH moved",
        "95 ETH reached the exchange Acme deposit",
      ]
    `)
    expect(shown(chat, false)).toEqual(shown(clean, false))
    expect(shown(chat, true)).toEqual(['retracted: 7 ETH split off'])
    expect(shown(clean, true)).toEqual([])
    expect(new Set(shown(chat, false)).size).toBe(shown(chat, false).length)
  }, 60_000)
})

/** Titles of the messages as they stand now. */
function shown({ messages }: ReturnType<typeof createMemoryChat>, isRetracted: boolean): string[] {
  const titles = messages.map(({ message }) =>
    [message.title].flat().slice(1).join('').replace(/^: /, ''),
  )
  return titles.filter((title) => title.startsWith('retracted') === isRetracted).sort()
}

/** Everything that following has found out, and that the books balance. */
async function pictureOf(store: Store, theft: Case) {
  const saved = await store.readCase(theft.id)
  if (!saved) throw new Error('The case is saved.')
  const accounts = []
  for (const { asset, stolen, totals, fees, dropped } of saved.ledgers) {
    for await (const page of store.scanAccounts(theft.id, asset)) accounts.push(...page)
    for (const index of trailPolicies.keys()) {
      const held = [...totals.values()].reduce(
        (sum, parts) => sum + (parts[index]?.amount ?? 0n),
        0n,
      )
      expect(held + (fees[index] ?? 0n) + (dropped[index] ?? 0n)).toBe(stolen)
    }
  }
  return {
    ledgers: saved.ledgers,
    accounts,
    hops: await store.readHops(theft.id),
    head: saved.head,
  }
}
