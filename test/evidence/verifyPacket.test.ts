import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther as eth } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEvidenceReader } from '#adapters/chain/evm/createEvidenceReader.ts'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { UserError } from '#errors/userError.ts'
import { makePacket } from '#src/evidence/makePacket.ts'
import { type Packet, type PacketParts, packetSchema } from '#src/evidence/packet.ts'
import { partsOf, sealPacket } from '#src/evidence/sealPacket.ts'
import { assetOf, exitCodeOf, verifyPacket } from '#src/evidence/verifyPacket.ts'
import { type Anvil, anvilChain, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import { createProxy } from '#test/support/proxy.ts'
import type { Check } from '#types/evidence.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { makeKeyPair, signText } from '#utils/signature.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
const [thief, one, two, exchange, mixer, other, friend] = [...'abce123'].map(address) as [
  ...[string, string, string, string, string, string, string],
]
const label = (of: string, name: string, kind: string) => ({
  ...{ address: of, name, kind, source: 'a list', date: '2023-11-01' },
  ...{ confidence: 0.9, isStale: false },
})
const labels = indexLabels([
  label(exchange, 'Beta 7', 'exchange'),
  label(mixer, 'Blender', 'mixer'),
])
const { privateKey, publicKey } = makeKeyPair()
const signer = { key: publicKey, by: 'house', sign: (text: string) => signText(privateKey, text) }
const asked = { what: 'Please hold it.', days: 30, mayTell: false }

type Given = { node?: string; key?: string | null; lists?: typeof labels }

async function verify(packet: Packet, url: string, given: Given = {}) {
  const parts = partsOf(packetSchema.parse(packet))
  if (!parts) throw new Error('no parts')
  const calls: string[] = []
  const onCall = (method: string) => void calls.push(method)
  const reader = createEvidenceReader(url, assetOf(parts.question), { onCall })
  const { key = publicKey, lists = labels } = given
  const checks = await verifyPacket(packet, parts, { reader, labels: lists, key })
  return { checks, calls, code: exitCodeOf(checks) }
}

const faultsOf = (checks: Check[]) => [...new Set(checks.flatMap(({ fault }) => fault ?? []))]

describe.runIf(hasAnvil)('evidence on a real node', () => {
  let anvil: Anvil
  let folder: string
  let token: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  const home = createMemoryChat({ name: 'terminal' })
  const packetOf = async (of: string, caseId = 'acme') => {
    const open = house.context.cases.get(caseId)!
    const [asset] = open.case.assets
    return await makePacket(house.context, open, {
      ...{ asset: asset?.id ?? '', address: of, asked, signer },
    })
  }

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    const weth = await anvil.deploy()
    token = await anvil.deploy()
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'evidence.sqlite'), chats: [home], labels },
      ...{ chain: anvilChain({ token, weth }), now: () => 1_700_000_600 },
    })
    for (const each of [thief, one, two, other, mixer]) await anvil.endow(each, eth('3'))
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    await home.say(`case open "Acme" ${thief}=500ETH@${theft}`)
    // Before it is reached in the same block, the address is paid by somebody and pays somebody.
    await anvil.pay(friend, one, eth('7'))
    await anvil.pay(one, friend, eth('1'))
    await anvil.pay(thief, one, eth('200'))
    await anvil.mine()
    await anvil.pay(thief, mixer, eth('20'))
    await anvil.pay(thief, two, eth('100'))
    await anvil.mine()
    await anvil.wrap(one, weth, eth('50'))
    await anvil.mine()
    // What comes back from a service is clean money.
    await anvil.pay(mixer, one, eth('15'))
    await anvil.transfer(one, weth, two, eth('40'))
    await anvil.mine()
    await anvil.pay(other, two, eth('2'))
    await anvil.unwrap(two, weth, eth('40'))
    await anvil.mine()
    await anvil.pay(two, exchange, eth('120'))
    await anvil.mine()
    await anvil.pay(one, exchange, eth('150'))
    await anvil.pay(two, other, eth('5'))
    await anvil.mine()
  })

  afterAll(async () => {
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  test('behavior: a stranger works it out again and agrees', async () => {
    await house.settle()
    const packet = await packetOf(exchange)
    expect(packetSchema.parse(JSON.parse(JSON.stringify(packet)))).toEqual(packet)
    const { checks, code, calls } = await verify(packet, anvil.url)
    expect(checks.filter(({ verdict }) => verdict !== 'agrees' && verdict !== 'noted')).toEqual([])
    expect(code).toBe(0)
    const { accounts, transactions, result } = partsOf(packet)!
    const hops = await house.store.findHops('acme', { payee: exchange }, { limit: 9 })
    const arrived = [0, 1, 2].map((rule) =>
      String(hops.reduce((sum, { stolen }) => sum + (stolen[rule] ?? 0n), 0n)),
    )
    expect(result.arrived).toEqual(arrived)
    expect(accounts).toHaveLength(3)
    expect(accounts.map(({ unexplained }) => unexplained)).toEqual(['0', '0', '0'])
    expect(result.path).toHaveLength(2)
    expect(calls.length).toBeLessThanOrEqual(2 * transactions.length + 4 * accounts.length + 1)
  })

  /** Each way to tamper, and by what it is found. Sealed anew it is as if the coordinator itself had lied. */
  const lies: [string, Check['fault'], (parts: PacketParts) => void][] = [
    [
      'more arrived',
      'wrong amount',
      ({ result }) => {
        result.arrived[0] = '1'
      },
    ],
    [
      'more is held',
      'wrong amount',
      ({ result }) => {
        result.held[2] = '1'
      },
    ],
    [
      'fewer hops',
      'wrong amount',
      ({ result }) => {
        result.hops = 1
      },
    ],
    ['another way', 'never happened', ({ result }) => void result.path.reverse()],
    [
      'a step carried more',
      'wrong amount',
      (parts) => {
        lastStep(parts).stolen[0] = '7'
      },
    ],
    [
      'a transfer of more',
      'wrong amount',
      (parts) => {
        lastStep(parts).amount = '7'
      },
    ],
    [
      'another payee',
      'never happened',
      (parts) => {
        lastStep(parts).to = address('9')
      },
    ],
    [
      'another payer',
      'never happened',
      (parts) => {
        lastStep(parts).from = address('9')
      },
    ],
    ['a made-up transaction', 'never happened', (parts) => void addMadeUp(parts)],
    [
      'a real one in another block',
      'never happened',
      ({ transactions }) => {
        for (const each of transactions.slice(-1)) each.blockHash = transactions[0]!.blockHash
      },
    ],
    [
      'a transaction twice',
      'never happened',
      ({ transactions }) => void transactions.push(transactions.at(-1)!),
    ],
    ['another order', 'never happened', ({ transactions }) => void transactions.reverse()],
    [
      'another time',
      'wrong time',
      ({ transactions }) => {
        transactions[1]!.time += 60
      },
    ],
    [
      'a lower fee',
      'wrong amount',
      ({ transactions }) => {
        transactions[1]!.fee!.amount = '0'
      },
    ],
    [
      'an omitted inflow',
      'omitted',
      (parts) => void drop(parts, ({ from, to }) => from === friend && to === one),
    ],
    [
      'an omitted outflow',
      'omitted',
      (parts) => void drop(parts, ({ from, to }) => from === one && to === friend),
    ],
    [
      'an omitted transfer of tokens',
      'omitted',
      ({ transactions }) => {
        for (const each of transactions) {
          each.transfers = each.transfers.filter(({ position }) => position === 'v')
        }
      },
    ],
    [
      'an omitted address',
      'omitted',
      (parts) => {
        parts.accounts = parts.accounts.filter(({ address: of }) => of !== one)
      },
    ],
    [
      'an address told from later on',
      'omitted',
      ({ accounts }) => {
        for (const each of accounts) if (each.address === one) each.from += 1
      },
    ],
    [
      'an address told up to earlier',
      'omitted',
      ({ accounts }) => {
        for (const each of accounts) if (each.address === one) each.to -= 1
      },
    ],
    [
      'a higher balance',
      'wrong amount',
      ({ accounts }) => {
        for (const each of accounts) each.balances!.from += '0'
      },
    ],
    [
      'a gap that is none',
      'omitted',
      ({ accounts }) => {
        accounts[0]!.unexplained = '5'
      },
    ],
    [
      'more stolen than the source held',
      'wrong source',
      ({ question }) => {
        question.sources[0]!.amount += '0'
      },
    ],
    [
      'another source',
      'omitted',
      ({ question }) => {
        question.sources[0]!.address = friend
      },
    ],
    [
      'a theft at another time',
      'omitted',
      ({ question }) => {
        question.followAfter += 1
      },
    ],
    [
      'a token that is not the asset',
      'lying asset',
      ({ question }) => {
        question.tokens.push({ contract: token, wrapsNative: false })
      },
    ],
    [
      'a label of another kind',
      'lying label',
      (parts) => {
        labelOf(parts, exchange).called = 'thief'
      },
    ],
    [
      'a mixer called no stop',
      'wrong amount',
      (parts) => {
        labelOf(parts, mixer).isStop = false
      },
    ],
    [
      'a mixer left unnamed',
      'wrong amount',
      (parts) => {
        parts.labels = parts.labels.filter(({ address: of }) => of !== mixer)
      },
    ],
    [
      'a big payee called dust',
      'lying label',
      (parts) => {
        parts.labels.push({ ...labelOf(parts, exchange), address: two, called: 'dust' })
      },
    ],
  ]

  test.each(lies)('behavior: a signed lie is found: %s', async (_name, fault, lie) => {
    const parts = structuredClone(partsOf(await packetOf(exchange))!)
    lie(parts)
    const { checks, code } = await verify(sealPacket(parts, signer), anvil.url)
    expect(faultsOf(checks)).toContain(fault)
    expect(faultsOf(checks)).not.toContain('changed')
    expect(faultsOf(checks)).not.toContain('forged')
    expect(code).toBe(1)
  })

  const strangers: [string, Check['fault'][], (packet: Packet) => void][] = [
    [
      'a byte changed',
      ['changed'],
      ({ entries }) => {
        questionIn(entries).case.name = 'Acmf'
      },
    ],
    ['an entry taken out', ['changed'], ({ entries }) => void entries.splice(2, 1)],
    ['an entry put in', ['changed'], ({ entries }) => void entries.splice(2, 0, entries[2]!)],
    [
      'two entries exchanged',
      ['changed'],
      ({ entries }) => void entries.splice(2, 2, entries[3]!, entries[2]!),
    ],
    [
      'a signature by somebody else',
      ['forged'],
      ({ signature, entries }) => {
        signature.value = signText(
          makeKeyPair().privateKey,
          `posse-evidence/1 ${entries.at(-1)?.hash}`,
        )
      },
    ],
    [
      'a signature that is none',
      ['forged'],
      ({ signature }) => {
        signature.value = 'none'
      },
    ],
    [
      'another key',
      ['forged', 'other key'],
      ({ signature, entries }) => {
        const pair = makeKeyPair()
        signature.key = pair.publicKey
        signature.value = signText(pair.privateKey, `posse-evidence/1 ${entries.at(-1)?.hash}`)
      },
    ],
    [
      'all sealed anew by a forger',
      ['other key'],
      (packet) => {
        const pair = makeKeyPair()
        const sign = (text: string) => signText(pair.privateKey, text)
        Object.assign(
          packet,
          sealPacket(partsOf(packet)!, { key: pair.publicKey, by: 'house', sign }),
        )
      },
    ],
  ]

  test.each(strangers)('behavior: a stranger is found: %s', async (_name, faults, tamper) => {
    const packet = structuredClone(await packetOf(exchange))
    tamper(packet)
    const { checks, code } = await verify(packet, anvil.url)
    const found = faultsOf(checks).filter((fault) =>
      ['changed', 'forged', 'other key'].includes(fault),
    )
    expect(faults).toEqual(expect.arrayContaining(found))
    expect(found.length).toBeGreaterThan(0)
    expect(code).toBe(1)
  })

  test('behavior: without lists and without an expected key what cannot be known is said', async () => {
    const packet = await packetOf(exchange)
    const { checks, code } = await verify(packet, anvil.url, { key: null, lists: indexLabels([]) })
    const open = checks.filter(({ verdict }) => verdict === 'unchecked')
    // What the mixer pays back is clean only if it is one.
    expect(open.map(({ subject }) => subject)).toEqual([`label of ${mixer}`])
    expect(code).toBe(2)
  })

  test('behavior: 500 hops take at most two calls a transaction and four an address', async () => {
    const chain = Array.from(
      { length: 501 },
      (_, at) => `0x${(at + 4096).toString(16).padStart(40, '7')}`,
    )
    const [first = ''] = chain
    const theft = await anvil.pay(friend, first, eth('100'))
    await anvil.mine()
    await home.say(`case open "Peel" ${first}=100ETH@${theft}`)
    for (const [at, payee] of chain.slice(1).entries()) {
      // Each keeps a little for the fee.
      await anvil.pay(chain[at] ?? '', payee, eth('100') - BigInt(at + 1) * eth('0.05'))
      await anvil.mine()
    }
    await house.settle()
    const packet = await packetOf(chain.at(-1) ?? '', 'peel')
    const { accounts, transactions, result } = partsOf(packet)!
    expect(result.path).toHaveLength(500)
    const { code, calls } = await verify(packet, anvil.url)
    expect(code).toBe(0)
    expect(calls.filter((method) => /Receipt|Block/.test(method)).length).toBeLessThanOrEqual(
      2 * transactions.length,
    )
    const asked = calls.filter((method) => method !== 'eth_chainId')
    expect(asked.length).toBeLessThanOrEqual(2 * transactions.length + 4 * accounts.length)
    const parts = structuredClone(partsOf(packet)!)
    parts.transactions.splice(250, 1)
    const found = await verify(sealPacket(parts, signer), anvil.url)
    expect(faultsOf(found.checks)).toContain('omitted')
  }, 60_000)

  test('behavior: a node without old state says so, and what is lacking is not called wrong', async () => {
    const { transactions, accounts } = partsOf(await packetOf(exchange))!
    const pruned = await createProxy(anvil.url, {
      amend: (method, { id, ...answer }) =>
        method === 'eth_call'
          ? { id, error: { code: -32000, message: 'missing trie node' } }
          : { id, ...answer },
    })
    const { checks, code } = await verify(await packetOf(exchange), pruned.url)
    await pruned.close()
    expect(checks.filter(({ verdict }) => verdict === 'unchecked').length).toBeGreaterThan(
      accounts.length,
    )
    expect(
      checks.filter(
        ({ subject, verdict }) => subject.startsWith('transaction') && verdict === 'agrees',
      ),
    ).toHaveLength(transactions.length)
    expect(code).toBe(2)
  })

  const liars: [string, (method: string, answer: Record<string, unknown>) => unknown][] = [
    ['HTML', () => '<html>busy</html>'],
    ['nothing', (_method, answer) => ({ ...answer, result: {} })],
    [
      'balances that are words',
      (method, answer) => (method === 'eth_call' ? { ...answer, result: '0xnone' } : answer),
    ],
    [
      'nonces below zero',
      (method, answer) =>
        method === 'eth_getTransactionCount' ? { ...answer, result: '-0x1' } : answer,
    ],
    [
      'receipts without their last log',
      (method, answer) =>
        method === 'eth_getTransactionReceipt'
          ? { ...answer, result: withoutLog(answer.result) }
          : answer,
    ],
    [
      'blocks without transactions',
      (method, answer) =>
        method === 'eth_getBlockByHash'
          ? { ...answer, result: { ...(answer.result as object), transactions: [] } }
          : answer,
    ],
    [
      'errors',
      (method, { id, ...answer }) =>
        method === 'eth_chainId' || method === 'eth_blockNumber'
          ? { id, ...answer }
          : { id, error: { code: -32603, message: 'no' } },
    ],
  ]

  test.each(liars)(
    'behavior: a node that answers %s proves nothing either way',
    async (_name, amend) => {
      const packet = await packetOf(exchange)
      const node = await createProxy(anvil.url, { amend })
      const verified = await verify(packet, node.url).catch((error: unknown) => error)
      await node.close()
      // Told in a sentence, or as what cannot be checked: never as an agreement, and no lie of the packet.
      if (verified instanceof Error) expect(verified).toBeInstanceOf(UserError)
      else expect((verified as { code: number }).code).toBe(2)
    },
    30_000,
  )

  test('behavior: a node of another chain is no witness', async () => {
    const packet = await packetOf(exchange)
    const node = await createProxy(anvil.url, {
      amend: (method, answer) => (method === 'eth_chainId' ? { ...answer, result: '0x1' } : answer),
    })
    await expect(verify(packet, node.url)).rejects.toThrow('belongs to the chain')
    await node.close()
  })

  test('behavior: what an address that is no service holds is told with what it paid, or not believed', async () => {
    const parts = structuredClone(partsOf(await packetOf(two))!)
    expect((await verify(sealPacket(parts, signer), anvil.url)).code).toBe(0)
    parts.accounts = parts.accounts.filter(({ address: of }) => of !== two)
    const { checks } = await verify(sealPacket(parts, signer), anvil.url)
    expect(faultsOf(checks)).toContain('omitted')
    // Called a service it would be believed to hold all that came.
    const named = structuredClone(parts)
    named.labels.push({ ...labelOf(parts, mixer), address: two, called: 'thief' })
    const lied = await verify(sealPacket(named, signer), anvil.url)
    expect(faultsOf(lied.checks)).toContain('lying label')
    named.labels = named.labels.map((each) =>
      each.address === two ? { ...each, called: 'exchange' } : each,
    )
    const { checks: last } = await verify(sealPacket(named, signer), anvil.url)
    expect(last.find(({ subject }) => subject === 'result: held')?.verdict).not.toBe('agrees')
  })

  test('behavior: lists that know better end the trail', async () => {
    const lists = indexLabels([label(one, 'Gamma 3', 'exchange'), label(mixer, 'Blender', 'mixer')])
    const { checks, code } = await verify(await packetOf(exchange), anvil.url, { lists })
    expect(faultsOf(checks)).toEqual(['lying label'])
    expect(code).toBe(1)
  })
})

/** The receipt with one log fewer and the bloom as it was. */
const withoutLog = (receipt: unknown) => {
  const { logs, ...rest } = receipt as { logs: unknown[] }
  return logs.length === 0
    ? { ...rest, logs, gasUsed: 'much' }
    : { ...rest, logs: logs.slice(0, -1) }
}

const lastStep = ({ transactions }: PacketParts) =>
  transactions.findLast(({ transfers }) => transfers.some(({ to }) => to === exchange))!
    .transfers[0]!

const labelOf = ({ labels: given }: PacketParts, of: string) =>
  given.find((each) => each.address === of)!

const questionIn = ([first]: Packet['entries']) => {
  if (first?.body.kind !== 'question') throw new Error('no question')
  return first.body
}

function drop(
  parts: PacketParts,
  isIt: (transfer: PacketParts['transactions'][number]['transfers'][number]) => boolean,
) {
  const before = parts.transactions.length
  parts.transactions = parts.transactions.filter(({ transfers }) => !transfers.some(isIt))
  expect(parts.transactions.length).toBeLessThan(before)
}

function addMadeUp({ transactions }: PacketParts) {
  const last = transactions.at(-1)!
  transactions.push({ ...last, hash: `0x${'9'.repeat(64)}` })
}
