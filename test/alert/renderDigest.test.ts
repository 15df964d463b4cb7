import { describe, expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { countHops, noHops } from '#alert/countHops.ts'
import { type DigestFacts, renderDigest } from '#alert/renderDigest.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { Label } from '#types/label.ts'

const ether = 10n ** 18n
const usd = { id: 'eip155:1/erc20:0xusd', symbol: 'USDC', decimals: 6 }
const address = (digit: string) => `0x${digit.repeat(40)}`
const label = (at: string, name: string, kind: string): [string, Label[]] => [
  at,
  [{ address: at, name, kind, source: 'a list', date: '', confidence: 1, isStale: false }],
]
const labels = new Map([
  label(address('a'), 'Acme', 'exchange'),
  label(address('b'), 'Acme', 'exchange'),
  label(address('c'), '\u001b[2J<!channel>', 'mixer'),
])
const hop = (amount: bigint, changes: Parameters<typeof testHop>[0] = {}) =>
  testHop({ amount, stolen: [amount, amount, amount], time: 1_649_041_684, ...changes })
const hops = countHops(noHops, [
  hop(100n * ether),
  hop(60n * ether),
  hop(25n * ether, { to: address('a'), stop: 'exchange' }),
  hop(10n * ether, { to: address('b'), stop: 'exchange' }),
  hop(5n * ether, { to: address('c'), stop: 'mixer', stolen: [0n, 5n * ether, 0n] }),
  hop(1n * ether, { to: address('d'), stop: 'busy' }),
  hop(7_000_000n, { to: address('c'), stop: 'mixer', asset: usd.id }),
])
const facts: DigestFacts = {
  case: { ...ronin, assets: [ethereum.native, usd] },
  chain: ethereum,
  labels,
  span: { since: 1_649_030_400, until: 1_649_116_800 },
  hops,
  alerts: { told: 8, folded: 300, muted: 1240, silenced: 12, silencedUntil: 1_649_200_000 },
  dormant: [address('1'), address('2')],
  lack: null,
}

function show(changes: Partial<DigestFacts> = {}): string {
  const page = { width: 110, colours: false, timeZone: 'UTC' }
  return renderText(renderDigest({ ...facts, ...changes }), page)
}

describe('renderDigest', () => {
  test('default: what moved where, what was told and what was held back', () => {
    expect(show()).toMatchInlineSnapshot(`
      "·  Ronin Bridge, March 2022: digest: 7 hops
         From            2022-04-04 00:00:00 UTC
         Until           2022-04-05 00:00:00 UTC
         Moved ETH       196 ETH in 6 payments; what moves twice is counted twice
         Certainty ETH   between 196 ETH (fifo) and 201 ETH (taint-first): other money is mixed in
         Moved USDC      7 USDC in 1 payment; what moves twice is counted twice
         Certainty USDC  certain: fifo, taint-first, clean-first agree
         Alerts          8 cards told
         Held back       300 folded into cards, 1,240 counted in bursts and as echoes, 12 by silences until
                         2022-04-05 23:06:40 UTC

         went to       name            payments       stolen
         ────────────  ──────────────  ────────  ───────────
         on the trail                         2      160 ETH
         exchange      Acme                   2       35 ETH
         mixer         �[2J<!channel>         1  up to 5 ETH
         parked                               1        1 ETH
         mixer         �[2J<!channel>         1       7 USDC

         The largest arrivals in ETH:

              stolen  at                    address                                     when
         ───────────  ────────────────────  ──────────────────────────────────────────  ───────────────────────
              25 ETH  exchange Acme         0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa  2022-04-04 03:08:04 UTC
              10 ETH  exchange Acme         0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB  2022-04-04 03:08:04 UTC
         up to 5 ETH  mixer �[2J<!channel>  0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC  2022-04-04 03:08:04 UTC
               1 ETH  parked                0xDDdDddDdDdddDDddDDddDDDDdDdDDdDDdDDDDDDd  2022-04-04 03:08:04 UTC

         1.  https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         2.  https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         3.  https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777
         4.  https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777

         The largest arrivals in USDC:

         stolen  at                    address                                     when
         ──────  ────────────────────  ──────────────────────────────────────────  ───────────────────────
         7 USDC  mixer �[2J<!channel>  0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC  2022-04-04 03:08:04 UTC

         1.  https://etherscan.io/tx/0x7777777777777777777777777777777777777777777777777777777777777777

         Newly dormant: 0x1111111111111111111111111111111111111111, 0x2222222222222222222222222222222222222222"
    `)
  })

  test('behavior: a quiet day says so', () => {
    const alerts = { told: 0, folded: 0, muted: 0, silenced: 0, silencedUntil: null }
    expect(show({ hops: noHops, alerts, dormant: [] })).toMatchInlineSnapshot(`
      "·  Ronin Bridge, March 2022: digest: nothing moved
         From       2022-04-04 00:00:00 UTC
         Until      2022-04-05 00:00:00 UTC
         Alerts     none
         Held back  nothing"
    `)
  })

  test('behavior: many destinations are cut, and what is left out is counted', () => {
    const many = Array.from({ length: 25 }, (_, index) => {
      const to = `0x${String(index).padStart(40, '0')}`
      return hop(ether * BigInt(index + 1), { to, stop: 'exchange' })
    })
    const named = new Map(many.map(({ to }, index) => label(to, `Exchange ${index}`, 'exchange')))
    const text = show({ hops: countHops(noHops, many), labels: named })
    expect(text.match(/exchange {2}Exchange \d+ +1 /g)).toHaveLength(20)
    expect(text).toContain('and 5 payments to 5 more destinations')
  })
})
