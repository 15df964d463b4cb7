import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { parseEther as eth } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { openEvidence } from '#src/main/openEvidence.ts'
import { runMatch } from '#src/main/runMatch.ts'
import { runVerify } from '#src/main/runVerify.ts'
import { type Anvil, anvilChain, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { makeKeyPair } from '#utils/signature.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
const [thief, one, friend] = [...'ab3'].map(address) as [string, string, string]
const exchange = `0x${'e7'.repeat(20)}`
const hostile = '=HYPERLINK("x")`@everyone'

describe.runIf(hasAnvil)('/posse evidence and posse verify', () => {
  let anvil: Anvil
  let folder: string
  let token: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  const home = createMemoryChat({ name: 'terminal' })
  const pair = makeKeyPair()
  const fileOf = (end: string) =>
    join(
      folder,
      'kept',
      readdirSync(join(folder, 'kept')).find(
        (name) => name.startsWith('evidence-') && name.endsWith(end),
      )!,
    )

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    token = await anvil.deploy()
    const keyFile = join(folder, 'house.key')
    writeFileSync(keyFile, pair.privateKey)
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'evidence.sqlite'), chats: [home] },
      labels: indexLabels([
        {
          ...{ address: exchange, name: hostile, kind: 'exchange', source: 'a list', date: '' },
          ...{ confidence: 0.9, isStale: false },
        },
      ]),
      evidence: openEvidence({ keyFile, folder: join(folder, 'kept') }),
      ...{ chain: anvilChain({ token }), now: () => 1_700_000_600 },
    })
    for (const each of [thief, one]) await anvil.endow(each, eth('3'))
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.mint(token, thief, eth('500'))
    await anvil.mine()
    await home.say(`case open "Acme" ${thief}=500TEST@${theft}`)
  })

  afterAll(async () => {
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  const say = async (text: string) => {
    const reply = await home.say(text)
    return { reply, text: renderText(reply, { width: 200, colours: false, timeZone: 'UTC' }) }
  }
  const verify = async (...args: string[]) => {
    const written: string[] = []
    const code = await runVerify([fileOf('.json'), '--rpc', anvil.url, ...args], {
      write: (text) => written.push(text),
    })
    return { code, text: written.join('') }
  }

  test('behavior: a case in a token: the packet is given in four forms and agrees', async () => {
    await anvil.mint(token, one, eth('40'))
    await anvil.transfer(thief, token, one, eth('300'))
    await anvil.mine()
    await anvil.transfer(one, token, friend, eth('10'))
    // Of nothing, as whoever poisons histories does.
    await anvil.transfer(friend, token, one, 0n)
    await anvil.transfer(one, token, exchange, eth('320'))
    await anvil.mine()
    await house.settle()
    const { reply, text } = await say(`evidence acme ${exchange} for:10d Please hold it`)
    expect(text).toContain('2 steps from the theft')
    expect(reply.files?.map(({ name }) => name.split('.').at(-1))).toEqual([
      'json',
      'csv',
      'md',
      'pdf',
    ])
    const { code, text: checked } = await verify('--key', pair.publicKey)
    expect(checked).toContain('It agrees')
    expect(checked).toContain('is told whole in blocks')
    expect(code).toBe(0)
  })

  test('behavior: no form of it runs anything or calls anybody', async () => {
    expect(readFileSync(fileOf('.csv'), 'utf8').split('\n')[0]).toContain('stolen_clean_first')
    const markdown = readFileSync(fileOf('.md'), 'utf8')
    expect(markdown).toContain('=HYPERLINK("x")´@everyone (exchange)')
    expect(markdown).toContain('10 days')
    const pdf = await PDFDocument.load(readFileSync(fileOf('.pdf')))
    expect(pdf.getTitle()).toContain('Evidence: Acme')
    expect(pdf.getPageCount()).toBe(1)
  })

  test('behavior: an omitted pair of token transfers is found, though balances and nonces are right', async () => {
    const file = fileOf('.json')
    const whole = readFileSync(file, 'utf8')
    const packet = JSON.parse(whole)
    packet.entries = packet.entries.filter(
      ({ body }: { body: { kind: string; transfers?: { to: string }[] } }) =>
        body.kind !== 'transaction' || body.transfers?.[0]?.to !== friend,
    )
    writeFileSync(file, JSON.stringify(packet))
    const { code, text } = await verify()
    expect(text).toContain('[omitted]')
    expect(text).toContain('[changed]')
    expect(code).toBe(1)
    writeFileSync(file, whole)
  })

  test('behavior: an organization finds its own addresses without telling them', async () => {
    const { reply, text } = await say('case addresses acme')
    expect(text).toContain('4 addresses of Acme')
    const feed = join(folder, 'kept', reply.files?.[0]?.name ?? '')
    const local = join(folder, 'own.csv')
    writeFileSync(local, `address,customer\n${exchange},7\n${address('9')},8\n`)
    const match = async (...args: string[]) => {
      const written: string[] = []
      const code = await runMatch([local, feed, ...args], { write: (line) => written.push(line) })
      return { code, text: written.join('') }
    }
    const found = await match('--key', pair.publicKey)
    expect(found.text).toContain('290000000000000000000')
    expect(found.text).toContain('1 match among 2 addresses of yours')
    expect(found.code).toBe(3)
    writeFileSync(local, `address\n${address('9')}\n`)
    expect((await match()).code).toBe(0)
    await expect(match('--key', makeKeyPair().publicKey)).rejects.toThrow('is signed by the key')
    const told = readFileSync(feed, 'utf8')
    writeFileSync(feed, told.replace('"hops":2', '"hops":1'))
    await expect(match()).rejects.toThrow('not as it was signed')
    writeFileSync(feed, '{}')
    await expect(match()).rejects.toThrow('no feed')
    writeFileSync(feed, told)
    writeFileSync(local, 'address\nnone\n')
    await expect(match()).rejects.toThrow('"none"')
  })

  test('error: one clear sentence each', async () => {
    const { text } = await say(`evidence acme ${thief}`)
    expect(text).toContain('The trail of the case "acme" begins at')
    expect((await say(`evidence acme ${address('7')}`)).text).toContain(
      'No stolen value of the case',
    )
    expect(await runVerify(['nothing.json', '--rpc', anvil.url])).toBe(2)
    await expect(runVerify([fileOf('.csv'), '--rpc', anvil.url])).rejects.toThrow('it is not JSON')
    expect(await runVerify([fileOf('.json')])).toBe(2)
    expect(await runVerify([fileOf('.json'), '--rpc', 'nowhere'])).toBe(2)
    house.context.evidence = null
    expect((await say(`evidence acme ${exchange}`)).text).toContain('no key to sign evidence')
  })
})
