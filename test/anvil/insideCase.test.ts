import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, parseEther as eth, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { openEvidence } from '#src/main/openEvidence.ts'
import { runVerify } from '#src/main/runVerify.ts'
import { reconcileBalances } from '#src/upkeep/reconcileBalances.ts'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import { createProxy } from '#test/support/proxy.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { makeKeyPair } from '#utils/signature.ts'
import { testMoverCode } from './testMover.ts'

const address = (digits: string) => `0x${digits.repeat(20)}` as const
const thief = address('a1')
const one = address('b2')
const two = address('c3')
const three = address('d4')
const stranger = address('f6')

const abi = parseAbi([
  'function disperse(address[] to, uint256[] amounts) payable',
  'function pay(address to, uint256 amount)',
])

describe.runIf(hasAnvil)('a case through contracts, on a real node', () => {
  let anvil: Anvil
  let folder: string
  let fund: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  const pair = makeKeyPair()
  const home = createMemoryChat({ name: 'terminal' })
  const show = (message: Parameters<typeof renderText>[0]) =>
    renderText(message, { width: 200, colours: false, timeZone: 'UTC' })
  const say = async (text: string) => show(await home.say(text))

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    for (const each of [thief, stranger]) await anvil.endow(each, eth('200'))
    const hash = await anvil.send(thief, null, { data: testMoverCode, gas: 3_000_000n })
    await anvil.mine()
    const receipt = await anvil.client.waitForTransactionReceipt({ hash })
    fund = String(receipt.contractAddress).toLowerCase()
    const keyFile = join(folder, 'house.key')
    writeFileSync(keyFile, pair.privateKey)
    house = await startLiveHouse({
      evidence: openEvidence({ keyFile, folder: join(folder, 'kept') }),
      ...{ anvil, file: join(folder, 'inside.sqlite'), chats: [home] },
      ...{ labels: indexLabels([]), now: () => 1_700_000_600 },
    })
    const theft = await anvil.pay(stranger, thief, eth('100'))
    await anvil.mine()
    await home.say(`case open "Acme" ${thief}=100ETH@${theft}`)
  })

  afterAll(async () => {
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  const heldBy = async (holder: string) => {
    const [saved] = await house.store.readAccounts('acme', [holder])
    return saved?.accounts[0]?.holdings[1]?.amount ?? 0n
  }

  test('behavior: a disperser and a fund that strangers make pay are followed to the wei', async () => {
    const parts = [one, two]
    await anvil.send(thief, fund, {
      value: eth('30'),
      data: encodeFunctionData({
        abi,
        functionName: 'disperse',
        args: [parts, [eth('10'), eth('20')]],
      }),
    })
    await anvil.mine()
    await anvil.pay(thief, fund, eth('40'))
    await anvil.mine()
    await house.settle()
    expect(await heldBy(one)).toBe(eth('10'))
    expect(await heldBy(two)).toBe(eth('20'))
    expect(await heldBy(fund)).toBe(eth('40'))
    // Neither end of this transaction is on the trail by its own fields, and the payment has no log.
    const data = encodeFunctionData({ abi, functionName: 'pay', args: [three, eth('15')] })
    await anvil.send(stranger, fund, { data })
    await anvil.mine()
    await house.settle()
    expect(await heldBy(three)).toBe(eth('15'))
    expect(await heldBy(fund)).toBe(eth('25'))
    expect([...house.context.standing.contract.values()].map((each) => each.address)).toEqual([
      fund,
    ])
    expect(await say('status acme')).not.toContain('Lacks')
  })

  test('behavior: evidence of what a contract paid is checked by traces of the stranger’s own node', async () => {
    await house.settle()
    await home.say(`evidence acme ${three}`)
    const kept = join(folder, 'kept')
    const packet = readdirSync(kept).find((name) => name.endsWith('.json')) ?? ''
    const written: string[] = []
    const args = [join(kept, packet), '--rpc', anvil.url, '--key', pair.publicKey]
    const code = await runVerify(args, { write: (text) => written.push(text) })
    expect([code, written.join('')]).toEqual([0, expect.stringContaining('agrees')])
  })

  test('behavior: what leaves unseen is found by its balance, told once, and stays where it is', async () => {
    await reconcileBalances(house.context)
    await house.settle()
    const before = home.messages.length
    await anvil.endow(two, eth('1'))
    await anvil.mine()
    await house.settle()
    for (let times = 0; times < 2; times += 1) await reconcileBalances(house.context)
    await house.settle()
    const told = home.messages.slice(before).map(({ message }) => show(message))
    expect(told.length).toBe(1)
    expect(told[0]).toContain('Value has left unseen')
    expect(told[0]).toContain('19 ETH')
    expect(await heldBy(two)).toBe(eth('20'))
  })

  test('behavior: a node without traces is told of in every figure', async () => {
    const proxy = await createProxy(anvil.url, {
      amend: (method, answer) =>
        /trace/.test(method)
          ? { id: answer.id, jsonrpc: '2.0', error: { code: -32601, message: 'no such method' } }
          : answer,
    })
    const chat = createMemoryChat({ name: 'terminal' })
    const blind = await startLiveHouse({
      ...{ anvil: { ...anvil, url: proxy.url }, file: join(folder, 'blind.sqlite') },
      ...{ chats: [chat], labels: indexLabels([]), now: () => 1_700_000_600 },
    })
    await anvil.endow(three, eth('50'))
    const theft = await anvil.pay(stranger, three, eth('5'))
    await anvil.mine()
    await chat.say(`case open "Blind" ${three}=5ETH@${theft}`)
    const data = encodeFunctionData({ abi, functionName: 'disperse', args: [[one], [eth('3')]] })
    await anvil.send(three, fund, { value: eth('3'), data })
    await anvil.mine()
    await blind.settle()
    for (const text of ['status blind', 'trail blind', 'sitrep blind']) {
      expect(show(await chat.say(text))).toContain('no internal transfers since block')
    }
    await blind.stop()
    await proxy.close()
  })
})
