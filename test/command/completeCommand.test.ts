import { describe, expect, test, vi } from 'vitest'
import { completeCommand } from '#src/command/completeCommand.ts'
import type { Context } from '#src/context.ts'
import { createFakeContext, memberOf } from '#test/support/fakeContext.ts'
import { madeUpCommands } from '#test/support/madeUpCommands.ts'
import type { Role } from '#types/member.ts'
import type { Severity } from '#types/message.ts'
import { topics } from '#types/topic.ts'
import { handleOf } from '#utils/handleOf.ts'

const commands = madeUpCommands(() => undefined)
const addresses = ['0xabc1', '0xabc2', '0xdef1'].map((start) => start.padEnd(42, '0'))
const [first, second] = addresses

function told(severity: Severity, block: number) {
  const id = `${severity} ${block}`
  return [id, { id, block, tellings: [{ block, group: { severity } }] }] as const
}

const findAddresses = vi.fn(async (_caseId: string, prefix: string, { limit }: { limit: number }) =>
  addresses.filter((address) => address.startsWith(prefix)).slice(0, limit),
)

function contextOf(parts: Partial<Context> = {}) {
  const alerts = [told('info', 9), told('red', 1), told('amber', 5), told('red', 7)]
  return createFakeContext({
    cases: new Map([
      ['ronin', { told: new Map(alerts) }],
      ['bybit', { told: new Map([['gone', { id: 'gone', block: 99, tellings: [] }]]) }],
    ]) as unknown as Context['cases'],
    store: { findAddresses } as unknown as Context['store'],
    ...parts,
  })
}

function complete(text: string, role: Role | null = 'admin', parts?: Partial<Context>) {
  const member = role && memberOf(role)
  return completeCommand(contextOf(parts).context, commands, { text, member })
}

describe('completeCommand', () => {
  test.each([
    ['', ['help', 'trail', 'lookup', 'label', 'case', 'subscribe', 'silence', 'member']],
    ['l', ['lookup', 'label']],
    ['L', ['lookup', 'label']],
    ['help', ['help']],
    ['ca', ['case']],
    ['case', ['case note', 'case close']],
    ['case ', ['case note', 'case close']],
    ['case c', ['case close']],
    ['case x', []],
    ['xyzzy', []],
    ['xyzzy ', []],
    ['trail ', ['trail ronin', 'trail bybit']],
    ['trail R', ['trail ronin']],
    ['trail ronin ', ['trail ronin fifo', 'trail ronin haircut']],
    ['trail  ronin  h', ['trail  ronin  haircut']],
    ['trail ronin fifo ', []],
    ['case close b', ['case close bybit']],
    ['label 0xABC', [`label ${first}`, `label ${second}`]],
    ['label 0x', []],
    ['label 0xfff', []],
    ['label 0x1 m', ['label 0x1 mixer']],
    ['label 0x1 mixer "Hot wallet" s', ['label 0x1 mixer "Hot wallet" sure:']],
    [`lookup ${first},0xd`, [`lookup ${first},${addresses[2]}`]],
    [`lookup ${first} 0xd`, [`lookup ${first} ${addresses[2]}`]],
    ['subscribe ronin mi', ['subscribe ronin mixer', 'subscribe ronin min:']],
    ['subscribe ronin exchange,mix', ['subscribe ronin exchange,mixer']],
    ['subscribe ronin min:1ETH mi', ['subscribe ronin min:1ETH mixer']],
    ['subscribe ronin chain:e', ['subscribe ronin chain:eip155:1']],
    ['subscribe chain:eip155:1 r', ['subscribe chain:eip155:1 ronin']],
    ['subscribe ronin min:1', []],
    ['member grant slack:U1 a', ['member grant slack:U1 admin']],
    ['case note ronin ', ['case note ronin at:']],
  ])('default: %j', async (text, lines) => {
    expect(await complete(text)).toEqual(lines)
  })

  test('behavior: topics are offered after a case', async () => {
    const lines = await complete('subscribe ronin ')
    expect(lines).toEqual([
      ...topics.map((topic) => `subscribe ronin ${topic}`),
      ...['min:', 'chain:', 'time-zone:'].map((tag) => `subscribe ronin ${tag}`),
    ])
  })

  test('behavior: alerts by their handle, the worst first, then the newest', async () => {
    const ids = ['red 7', 'red 1', 'amber 5', 'info 9', 'gone']
    expect(await complete('silence ')).toEqual([
      ...ids.map((id) => `silence ${handleOf(id)}`),
      'silence for:',
      'silence limit:',
    ])
    const handle = handleOf('amber 5')
    expect(await complete(`silence ${handle.slice(0, 5)}`)).toEqual([`silence ${handle}`])
  })

  test('behavior: only what the asker may run is offered', async () => {
    expect(await complete('', null)).toEqual(['help'])
    expect(await complete('', 'viewer')).toEqual(['help', 'trail', 'lookup'])
    expect(await complete('case ', 'responder')).toEqual(['case note'])
    findAddresses.mockClear()
    expect(await complete('trail ', null)).toEqual([])
    expect(await complete('lookup 0xabc', null)).toEqual([])
    expect(findAddresses).not.toHaveBeenCalled()
  })

  test('behavior: at most 25, and the store is asked for no more', async () => {
    const many = async (caseId: string, _prefix: string, { limit }: { limit: number }) => {
      if (caseId === 'bybit') throw new Error('is not asked any more')
      return Array.from({ length: limit }, (_, at) => `0xa${String(at).padStart(39, '0')}`)
    }
    const store = { findAddresses: vi.fn(many) } as unknown as Context['store']
    expect(await complete('lookup 0xa', 'admin', { store })).toHaveLength(25)
    expect(store.findAddresses).toHaveBeenCalledExactlyOnceWith('ronin', '0xa', { limit: 25 })
  })

  test('behavior: values that would fool a reader or need quotes are left out', async () => {
    const cases = new Map(['a\u202eb', 'two words', 'c,d', 'fine'].map((id) => [id, {}]))
    const parts = { cases: cases as unknown as Context['cases'] }
    expect(await complete('trail ', 'admin', parts)).toEqual(['trail fine'])
  })

  test('behavior: 100,000 alerts are no reason to wait', async () => {
    const alerts = new Map(Array.from({ length: 100_000 }, (_, at) => told('red', at)))
    const cases = new Map([['ronin', { told: alerts }]]) as unknown as Context['cases']
    const start = performance.now()
    expect(await complete('silence ', 'admin', { cases })).toHaveLength(25)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('error: what fails gives nothing, and is logged', async () => {
    const store = { findAddresses: async () => Promise.reject(new Error('broken')) }
    const { context, log } = contextOf({ store: store as unknown as Context['store'] })
    const member = memberOf('admin')
    expect(await completeCommand(context, commands, { text: 'lookup 0xa', member })).toEqual([])
    expect(log.join()).toContain('Completion failed')
    const text = `lookup ${'x'.repeat(9_000)} `
    expect(await completeCommand(context, commands, { text, member })).toEqual([])
  })

  test('behavior: whatever is typed, candidates go on from a line that may be typed', async () => {
    for (const text of ['"', 'case "', 'trail “', 'min:', 'subscribe min:"1 ', ' \u202e', '\0']) {
      await expect(complete(text)).resolves.toBeInstanceOf(Array)
    }
  })
})
