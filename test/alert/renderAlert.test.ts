import { describe, expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { renderAlert, renderRetraction } from '#alert/renderAlert.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { openCase } from '#src/case/openCase.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { AlertGroup, AlertKind, AlertState } from '#types/alert.ts'
import type { Label } from '#types/label.ts'
import type { Hop } from '#types/trail.ts'

const ether = 10n ** 18n
const mixer = '0xd90e2f925da726b50c4ed8d0fb90ad053324f31b'
const label = (address: string, name: string, kind: string): [string, Label[]] => [
  address,
  [{ address, name, kind, source: 'a list', date: '2024-06-17', confidence: 0.9, isStale: false }],
]
const labels = new Map([
  label(mixer, 'Tornado.Cash: Router', 'mixer'),
  label(`0x${'2'.repeat(40)}`, '\u001b[2J<!channel> *bold*', 'other'),
])
const ledger = openCase(ronin, { serviceOf: () => null }).trail.ledgers.get(ethereum.native.id)
if (!ledger) throw new Error('The Ronin case is in ETH.')
const facts = { case: ronin, chain: ethereum, ledger, labels }

function group(
  kind: AlertKind,
  hop: Partial<Hop> | null,
  changes: Partial<AlertGroup> = {},
): AlertGroup {
  const made = hop && testHop({ time: 1_649_041_684, block: 14_519_280, hops: 2, ...hop })
  const alert = {
    id: 'id',
    kind,
    severity: 'red' as const,
    caseId: 'ronin',
    address: made?.to ?? `0x${'2'.repeat(40)}`,
    time: 1_649_041_684,
    block: 14_519_280,
    transaction: `0x${'7'.repeat(64)}`,
    hop: made,
    otherCases: ['Bybit, February 2025'],
  }
  const { amount = 0n, stolen = [] } = made ?? {}
  return {
    head: alert,
    severity: 'red',
    last: alert,
    count: 1,
    told: 1,
    amount,
    stolen,
    ...changes,
  }
}

function show(of: AlertGroup, state?: AlertState): string {
  return renderText(renderAlert(of, facts, state), { width: 110, colours: false, timeZone: 'UTC' })
}

const whole = { amount: 100n * ether, stolen: [100n * ether, 100n * ether, 100n * ether] }

describe('renderAlert', () => {
  test('default: a deposit in a mixer', () => {
    expect(show(group('reached', { ...whole, to: mixer, stop: 'mixer' }))).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 100 ETH reached the mixer Tornado.Cash: Router
         Stolen       100 ETH, 0.05 % of the case
         Certainty    certain: fifo, taint-first, clean-first agree
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b Tornado.Cash: Router (mixer)
         Path         2 hops from the theft
         When         2022-04-04 03:08:04 UTC, 11 d 13 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777"
    `)
  })

  test('behavior: a burst says how many, how much in all and which was last', () => {
    const burst = group(
      'reached',
      { ...whole, to: mixer, stop: 'mixer' },
      { count: 24, amount: 2400n * ether, stolen: [2400n * ether, 2400n * ether, 2390n * ether] },
    )
    const last = { ...burst.last, time: burst.head.time + 7800 }
    expect(show({ ...burst, last })).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 2,400 ETH reached the mixer Tornado.Cash: Router in 24 payments within 2 h 10 min
         Stolen       2,400 ETH, 1.31 % of the case
         Certainty    between 2,390 ETH (clean-first) and 2,400 ETH (taint-first): other money is mixed in
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b Tornado.Cash: Router (mixer)
         Path         2 hops from the theft, counted at the last payment
         When         2022-04-04 05:18:04 UTC, 11 d 15 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777"
    `)
  })

  test('behavior: mixed money says what is stolen of how much, and how sure', () => {
    const mixed = { amount: 100n * ether, stolen: [40n * ether, 90n * ether, 0n] }
    expect(show(group('moved', mixed))).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 40 ETH moved
         Stolen       40 ETH, 0.02 % of the case, of 100 ETH paid
         Certainty    between 0 ETH (clean-first) and 90 ETH (taint-first): other money is mixed in
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0x2222222222222222222222222222222222222222 �[2J<!channel> *bold* (other)
         Path         2 hops from the theft
         When         2022-04-04 03:08:04 UTC, 11 d 13 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777"
    `)
  })

  test('behavior: where FIFO says nothing the title says how much it may be', () => {
    const maybe = group('moved', { amount: 100n * ether, stolen: [0n, 90n * ether, 0n] })
    expect(show(maybe)).toContain('Ronin Bridge, March 2022: up to 90 ETH moved')
  })

  test.each<[AlertKind, Partial<Hop> | null]>([
    ['woke', { ...whole, idleSeconds: 86_400 * 300 }],
    ['split', whole],
    ['met', whole],
    ['parked', null],
    ['reached', { ...whole, stop: 'busy' }],
  ])('behavior: the title of %s', (kind, hop) => {
    expect(show(group(kind, hop)).split('\n   ')[0]).toMatchSnapshot()
  })

  test('behavior: what has become surer says so, quietly, and nothing else changes', () => {
    const moved = group('moved', whole)
    const before = show(moved)
    expect(show(moved, 'confirmed')).toBe(`${before}\n   State        confirmed: 12 blocks deep`)
    expect(show(moved, 'finalized')).toBe(`${before}\n   State        final: it cannot be undone`)
    expect(show(moved, 'grown')).toBe(before)
    const quiet = (['posted', 'grown', 'confirmed', 'finalized'] as const).filter(
      (state) => renderAlert(moved, facts, state).isQuiet,
    )
    expect(quiet).toEqual(['confirmed', 'finalized'])
    expect(renderRetraction(moved, facts).isQuiet).toBeUndefined()
  })

  test('behavior: a retraction says what did not happen', () => {
    const message = renderRetraction(group('moved', whole), facts)
    expect(
      renderText(message, { width: 110, colours: false, timeZone: 'UTC' }),
    ).toMatchInlineSnapshot(`
      "·  Ronin Bridge, March 2022: retracted: 100 ETH moved
         The chain was reorganized and this did not happen. If it happens again, it is told again."
    `)
  })
})
