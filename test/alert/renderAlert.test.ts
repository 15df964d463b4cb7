import { describe, expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { renderAlert, renderCorrection, renderRetraction } from '#alert/renderAlert.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { openCase } from '#src/case/openCase.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { AlertGroup, AlertKind, AlertState } from '#types/alert.ts'
import type { Label } from '#types/label.ts'
import type { Message } from '#types/message.ts'
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
  const at = { time: 1_649_041_684, block: 14_519_280, hops: 2, path: `0x${'9'.repeat(40)}` }
  const made = hop && testHop({ ...at, ...hop })
  const alert = {
    id: 'id',
    kind,
    severity: 'red' as const,
    reasons: [],
    caseId: 'ronin',
    path: `ronin:eip155:1:${made?.path ?? `0x${'2'.repeat(40)}`}`,
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
    reasons: [],
    muted: 0,
    last: alert,
    count: 1,
    told: 1,
    amount,
    stolen,
    ...changes,
  }
}

function show(of: AlertGroup, state?: AlertState): string {
  return print(renderAlert(of, facts, state))
}

function print(message: Message): string {
  return renderText(message, { width: 110, colours: false, timeZone: 'UTC' })
}

/** The one line of a message. */
function lineOf({ title, line = title }: Message): string {
  return print({ title: line, sections: [] })
}

const whole = { amount: 100n * ether, stolen: [100n * ether, 100n * ether, 100n * ether] }

describe('renderAlert', () => {
  const deposit = { ...whole, to: mixer, stop: 'mixer' as const }

  test('default: a deposit in a mixer', () => {
    const reasons = ['reached a mixer', 'passed on 12 s after the last movement there']
    expect(show(group('reached', deposit, { reasons }))).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 100 ETH reached the mixer Tornado.Cash: Router
         Stolen       100 ETH, 0.05 % of the case
         Certainty    certain: fifo, taint-first, clean-first agree
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b Tornado.Cash: Router (mixer)
         Path         0x9999999999999999999999999999999999999999, 2 hops from the theft
         Why          reached a mixer; passed on 12 s after the last movement there
         When         2022-04-04 03:08:04 UTC, 11 d 13 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         Alert        a5614527"
    `)
  })

  test('behavior: a folded one says how many, how much in all and which was last', () => {
    const folded = group('reached', deposit, {
      count: 24,
      amount: 2400n * ether,
      stolen: [2400n * ether, 2400n * ether, 2390n * ether],
    })
    const last = { ...folded.last, time: folded.head.time + 7800 }
    expect(show({ ...folded, last })).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 2,400 ETH reached the mixer Tornado.Cash: Router in 24 payments within 2 h 10 min
         Stolen       2,400 ETH, 1.31 % of the case
         Certainty    between 2,390 ETH (clean-first) and 2,400 ETH (taint-first): other money is mixed in
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b Tornado.Cash: Router (mixer)
         Path         0x9999999999999999999999999999999999999999, 2 hops from the theft, counted at the last payment
         When         2022-04-04 05:18:04 UTC, 11 d 15 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         Alert        a5614527"
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
         Path         0x9999999999999999999999999999999999999999, 2 hops from the theft
         When         2022-04-04 03:08:04 UTC, 11 d 13 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         Alert        a5614527"
    `)
  })

  test('behavior: where FIFO says nothing the title says how much it may be', () => {
    const maybe = group('moved', { amount: 100n * ether, stolen: [0n, 90n * ether, 0n] })
    expect(show(maybe)).toContain('Ronin Bridge, March 2022: up to 90 ETH moved')
  })

  test('behavior: a path says that its money is counted at each step, and no share of the theft', () => {
    const path = group('split', whole, {
      count: 3,
      amount: 300n * ether,
      stolen: [300n * ether, 300n * ether, 300n * ether],
    })
    const last = { ...path.last, time: path.head.time + 60 }
    expect(
      show({ ...path, last })
        .split('\n')
        .slice(0, 3)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 300 ETH moved in 3 payments within 1 min
         Stolen       300 ETH; what moves twice is counted twice
         Certainty    certain: fifo, taint-first, clean-first agree"
    `)
  })

  test('behavior: echoes, who looks after it, and what is of other assets', () => {
    const acks = () => ({ name: 'Ann', until: 1_649_045_284, isIrrelevant: false })
    const of = group('reached', deposit, { count: 4, muted: 12, otherAssets: 1 })
    expect(print(renderAlert(of, { ...facts, acks }))).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: 100 ETH and other assets reached the mixer Tornado.Cash: Router in 4 payments at
         once
         Stolen       100 ETH, 0.05 % of the case; 1 payment in other assets not added
         Certainty    certain: fifo, taint-first, clean-first agree
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b Tornado.Cash: Router (mixer)
         Path         0x9999999999999999999999999999999999999999, 2 hops from the theft, counted at the last payment
         Muted        12 echoes are counted here and told nowhere else
         When         2022-04-04 03:08:04 UTC, 11 d 13 h after the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer     https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         Alert        a5614527, acknowledged by Ann until 2022-04-04 04:08:04 UTC"
    `)
  })

  test.each<[AlertKind, Partial<Hop> | null]>([
    ['woke', { ...whole, idleSeconds: 86_400 * 300 }],
    ['moved', whole],
    ['split', whole],
    ['merged', whole],
    ['met', whole],
    ['returned', { ...whole, stop: 'victim' }],
    ['parked', null],
    ['reached', { ...whole, stop: 'busy' }],
    ['reached', { ...whole, stop: 'dex' }],
  ])('behavior: the title of %s', (kind, hop) => {
    expect(titleOf(group(kind, hop))).toMatchSnapshot()
  })

  test.each<[AlertKind, string, Partial<Hop> | null]>([
    ['moved', '* moving', whole],
    ['reached', `* service ${mixer}`, deposit],
    ['reached', '* services', deposit],
    ['woke', '* woke', whole],
    ['met', '* met', whole],
    ['returned', '* returned', { ...whole, stop: 'victim' }],
    ['parked', '* parked', null],
  ])('behavior: the title of a card of many: %s %s', (kind, name, hop) => {
    const of = group(kind, hop)
    const head = { ...of.head, path: `ronin:eip155:1:${name}` }
    expect(titleOf({ ...of, head, count: 7 })).toMatchSnapshot()
    // With one alert in it, it says what that one is.
    expect(titleOf({ ...of, head })).toBe(titleOf(of))
  })

  test('behavior: a card of many says where the last of it belongs', () => {
    const of = group('moved', whole, { count: 7 })
    const head = { ...of.head, path: 'ronin:eip155:1:* moving' }
    const path = show({ ...of, head }).match(/Path .*\n.*/)?.[0]
    expect(path).toMatchInlineSnapshot(`
      "Path         several, the last 0x9999999999999999999999999999999999999999, 2 hops from the theft, counted
                      at the last payment"
    `)
  })

  test.each<[string, AlertGroup]>([
    ['an arrival', group('reached', deposit)],
    ['a folded one', group('reached', deposit, { count: 3 })],
    ['a parked address', group('parked', null)],
  ])('behavior: in one line: %s', (_name, of) => {
    expect(lineOf(renderAlert(of, facts))).toMatchSnapshot()
  })

  test('behavior: says when it happened, for how late it comes is added when it is posted', () => {
    expect(renderAlert(group('moved', whole), facts).blockTime).toBe(1_649_041_684)
  })

  test('behavior: what has become surer says so, quietly, and nothing else changes', () => {
    const moved = group('moved', whole)
    const before = show(moved)
    const withState = (state: string) =>
      before.replace('   Alert  ', `   State        ${state}\n   Alert  `)
    expect(show(moved, 'confirmed')).toBe(withState('confirmed: 12 blocks deep'))
    expect(show(moved, 'finalized')).toBe(withState('final: it cannot be undone'))
    expect(show(moved, 'grown')).toBe(before)
    const quiet = (['posted', 'grown', 'confirmed', 'finalized'] as const).filter(
      (state) => renderAlert(moved, facts, state).isQuiet,
    )
    expect(quiet).toEqual(['confirmed', 'finalized'])
    expect(renderRetraction(moved, facts).isQuiet).toBeUndefined()
  })

  test('behavior: a retraction says what did not happen', () => {
    expect(print(renderRetraction(group('moved', whole), facts))).toMatchInlineSnapshot(`
      "·  Ronin Bridge, March 2022: retracted: 100 ETH moved
         The chain was reorganized and this did not happen. If it happens again, it is told again.

         Alert  a5614527"
    `)
  })

  test('behavior: a correction says what was told, that it was wrong, and why', () => {
    const why = 'flagged as exchange by Ann: hot wallet'
    expect(print(renderCorrection(group('moved', whole), facts, { why }))).toMatchInlineSnapshot(`
      "·  Ronin Bridge, March 2022: corrected: 100 ETH moved
         What was told here is wrong: flagged as exchange by Ann: hot wallet

         Stolen       100 ETH, 0.05 % of the case
         Certainty    certain: fifo, taint-first, clean-first agree
         From         0x1111111111111111111111111111111111111111 (no label)
         To           0x2222222222222222222222222222222222222222 �[2J<!channel> *bold* (other)
         Path         0x9999999999999999999999999999999999999999, 2 hops from the theft
         Transaction  0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Alert        a5614527"
    `)
    expect(print(renderCorrection(null, facts, { why }))).toMatchInlineSnapshot(`
      "·  Ronin Bridge, March 2022: corrected: an earlier alert
         What was told here is wrong: flagged as exchange by Ann: hot wallet"
    `)
  })
})

describe('a burst', () => {
  const counts = { count: 1, muted: 1, reasons: ['31 hops within a minute'] }
  const opened = group('burst', whole, counts)
  const head = { ...opened.head, reasons: counts.reasons }
  const grown = {
    ...{ ...opened, head, count: 9970, muted: 9970 },
    ...{ amount: 9970n * ether, stolen: [9970n * ether, 9970n * ether, 9970n * ether] },
    last: { ...head, time: head.time + 220 },
  }

  test('default: says what is counted and what is told all the same', () => {
    expect(show(grown)).toMatchInlineSnapshot(`
      "!! Ronin Bridge, March 2022: a burst of movements goes on: 9,970 movements within 3 min 40 s
         Counted here  9,970 movements told nowhere else, since 2022-04-04 03:08:04 UTC
         Meanwhile     what reaches a service, wakes or meets another case is told as always
         Stolen        9,970 ETH; what moves twice is counted twice
         Certainty     certain: fifo, taint-first, clean-first agree
         Why           31 hops within a minute
         When          2022-04-04 03:11:44 UTC, 11 d 13 h after the theft
         Transaction   0x7777777777777777777777777777777777777777777777777777777777777777 in block 14519280
         Explorer      https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         Alert         a5614527"
    `)
  })

  test('behavior: its title when it begins, and when it is over', () => {
    const reasons = [...counts.reasons, 'over: it lasted 3 min 40 s']
    const titles = [
      { ...opened, head },
      { ...grown, reasons },
    ].map(titleOf)
    expect(titles).toMatchInlineSnapshot(`
      [
        "!! Ronin Bridge, March 2022: a burst of movements: 31 hops within a minute",
        "!! Ronin Bridge, March 2022: a burst is over: 9,970 movements within 3 min 40 s",
      ]
    `)
  })

  test('behavior: in one line', () => {
    expect(lineOf(renderAlert(grown, facts))).toMatchInlineSnapshot(`
      "Ronin Bridge, March 2022: a burst of movements goes on: 9,970 movements within 3 min 40 s,
      https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777"
    `)
  })
})

function titleOf(of: AlertGroup): string {
  return print({ ...renderAlert(of, facts), sections: [] })
}
